// SPDX-License-Identifier: EPL-2.0
package org.xenolith.xen.abi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Every constant, size and offset against what C compilers made of the public headers, for arm64, x86-64 and, in narrow layouts, for 32-bit x86. */
class PublicHeadersTest {
  private record Row(String kind, String type, String name, long value, long bytes) {}

  @Test
  void everyConstantAndOffsetIsTheHeaders() throws Exception {
    List<Row> rows = rows();
    assertTrue(rows.size() > 2300, "only " + rows.size() + " rows");
    Map<String, TreeSet<String>> declared = new TreeMap<>();
    List<String> wrong = new ArrayList<>();
    for (Row row : rows) {
      String name = switch (row.kind) {
        case "constant" -> row.name;
        case "size" -> "SIZE";
        default -> row.name.toUpperCase(Locale.ROOT);
      };
      declared.computeIfAbsent(row.type, type -> new TreeSet<>()).add(name);
      long value = type(row.type).getField(name).getLong(null);
      if (value != row.value) {
        wrong.add(row + ", here " + value);
      }
      if (row.kind.equals("size")) {
        AbiStruct view = (AbiStruct) type(row.type).getDeclaredConstructor().newInstance();
        assertEquals(row.value, view.sizeOf(), row.toString());
      }
    }
    assertEquals(List.of(), wrong);
    for (Map.Entry<String, TreeSet<String>> type : declared.entrySet()) {
      for (Field field : type(type.getKey()).getFields()) {
        if (!field.getName().endsWith("_BYTES")) {
          assertTrue(type.getValue().contains(field.getName()), field + " is not in the table");
        }
      }
    }
  }

  @Test
  void everyAccessorReachesItsFieldAndNothingElse() throws Exception {
    int fields = 0;
    for (Row row : rows()) {
      if (!row.kind.equals("field")) {
        continue;
      }
      Method reader = null;
      Method writer = null;
      for (Method method : type(row.type).getDeclaredMethods()) {
        if (method.getName().equals(camel(row.name))) {
          if (method.getReturnType() == void.class) {
            writer = method;
          } else {
            reader = method;
          }
        }
      }
      if (reader == null) {
        assertEquals(row.bytes, type(row.type).getField(row.name.toUpperCase(Locale.ROOT) + "_BYTES").getLong(null), row.toString());
        continue;
      }
      boolean indexed = reader.getParameterCount() == 1;
      Class<?> value = reader.getReturnType();
      byte[] bytes = new byte[4096];
      AbiStruct view = (AbiStruct) type(row.type).getDeclaredConstructor().newInstance();
      int base = 16;
      view.at(new AbiBytes(bytes), base);
      Object ones = value == long.class ? (Object) (-1L) : (Object) (-1);
      int count = indexed ? elements(row) : 1;
      for (int i = 0; i < count; i++) {
        if (indexed) {
          writer.invoke(view, i, ones);
          assertTrue(((Number) reader.invoke(view, i)).longValue() != 0, row.toString());
        } else {
          writer.invoke(view, ones);
          assertTrue(((Number) reader.invoke(view)).longValue() != 0, row.toString());
        }
      }
      for (int i = 0; i < bytes.length; i++) {
        boolean inside = i >= base + row.value && i < base + row.value + row.bytes;
        assertEquals(inside ? -1 : 0, bytes[i], row + " byte " + i);
      }
      fields++;
    }
    assertTrue(fields > 950, "only " + fields + " fields");
  }

  /** What isn't declared to be otherwise is the same for callers with 32-bit words. */
  @Test
  void everyNarrowLayoutIsThatOf32BitGuests() throws Exception {
    Set<String> narrow = new TreeSet<>();
    List<String> wrong = new ArrayList<>();
    for (Row row : rows("x86-32")) {
      AbiStruct view = (AbiStruct) type(row.type).getDeclaredConstructor().newInstance();
      NarrowLayout layout = view.narrow();
      if (layout != null) {
        narrow.add(row.type);
      }
      boolean size = row.kind.equals("size");
      long place = size ? layout == null ? view.sizeOf() : layout.size()
          : layout == null ? type(row.type).getField(row.name.toUpperCase(Locale.ROOT)).getLong(null) : layout.offset(row.name);
      if (place != row.value || !size && layout != null && layout.bytes(row.name) != row.bytes) {
        wrong.add(row + ", here at " + place);
      }
    }
    assertEquals(List.of(), wrong);
    assertTrue(narrow.containsAll(List.of("AddToPhysmap", "MemoryReservation", "GnttabSetupTable", "RunstateInfo", "SchedPoll")), narrow
        .toString());
    for (Row row : rows()) {
      AbiStruct view = row.kind.equals("size") ? (AbiStruct) type(row.type).getDeclaredConstructor().newInstance() : null;
      assertTrue(view == null || view.narrow() == null || narrow.contains(row.type), row + ": its narrow layout is compared with nothing");
    }
  }

  private static int elements(Row row) {
    return (int) switch (row.type + "." + row.name) {
      case "SharedInfo.evtchn_pending", "SharedInfo.evtchn_mask", "X64SharedInfo.evtchn_pending", "X64SharedInfo.evtchn_mask" -> 64;
      case "Ia32SharedInfo.evtchn_pending", "Ia32SharedInfo.evtchn_mask" -> 32;
      case "RunstateInfo.time" -> 4;
      case "MulticallEntry.args" -> 6;
      case "FifoControlBlock.head" -> 16;
      case "BlkifRequestIndirect.indirect_grefs", "SysctlPhysInfo.hw_cap" -> 8;
      case "GuestContext.x" -> 31;
      case "HvmHwMtrr.msr_mtrr_var" -> 16;
      case "HvmHwMtrr.msr_mtrr_fixed" -> 11;
      case "PlatformEfiCall.get_time_time", "PlatformEfiCall.set_time", "PlatformEfiCall.get_wakeup_time",
          "PlatformEfiCall.set_wakeup_time", "PlatformEfiCall.get_variable_vendor_guid", "PlatformEfiCall.set_variable_vendor_guid",
          "PlatformEfiCall.get_next_variable_name_vendor_guid" -> 2;
      default -> throw new AssertionError(row + ": how many elements?");
    };
  }

  private static String camel(String name) {
    StringBuilder text = new StringBuilder();
    for (String part : name.split("_")) {
      text.append(text.isEmpty() ? part : Character.toUpperCase(part.charAt(0)) + part.substring(1));
    }
    return text.toString();
  }

  private static Class<?> type(String name) throws ClassNotFoundException {
    return Class.forName("org.xenolith.xen.abi." + name);
  }

  private static List<Row> rows() throws IOException {
    List<Row> rows = new ArrayList<>();
    for (String architecture : List.of("arm64", "x86-64")) {
      rows.addAll(rows(architecture));
    }
    // what only 32-bit guests have is no narrow layout of anything
    rows("x86-32").stream().filter(row -> row.type.startsWith("Ia32")).forEach(rows::add);
    return rows;
  }

  private static List<Row> rows(String architecture) throws IOException {
    List<Row> rows = new ArrayList<>();
    try (BufferedReader table = new BufferedReader(new InputStreamReader(
        PublicHeadersTest.class.getResourceAsStream("public-headers-" + architecture + ".tsv"), StandardCharsets.UTF_8))) {
      for (String line = table.readLine(); line != null; line = table.readLine()) {
        if (!line.startsWith("#")) {
          String[] cell = line.split("\t");
          rows.add(new Row(cell[0], cell[1], cell[2], Long.parseLong(cell[3]), cell.length > 4 ? Long.parseLong(cell[4]) : 0));
        }
      }
    }
    return rows;
  }
}
