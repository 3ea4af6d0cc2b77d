// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.build.pvh.kit;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.xenolith.acpi.codec.AcpiTable;
import org.xenolith.acpi.codec.Fadt;
import org.xenolith.acpi.codec.LinkedTables.PlacedTable;
import org.xenolith.acpi.codec.Madt;
import org.xenolith.acpi.codec.StructureBuilder;
import org.xenolith.pvh.codec.PvhKernel;
import org.xenolith.pvh.codec.StartInfo;

/** What guests find in memory is what Debian's Xen leaves there, byte for byte; the data says how it was taken. */
class XenGuestsTest {
  private static final HexFormat HEX = HexFormat.of();

  private record Guest(Map<String, String> words, String line, String populated, long start, byte[] bytes, byte[] madt, byte[] fadt) {
    int number(String key) {
      return Integer.parseInt(words.get(key));
    }
  }

  private static List<Guest> guests() throws IOException {
    try (InputStream in = XenGuestsTest.class.getResourceAsStream("xen-4.17-guests.txt")) {
      String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      return Arrays.stream(text.split("(?m)^guest ")).skip(1).map(XenGuestsTest::guest).toList();
    }
  }

  private static Guest guest(String text) {
    List<String> lines = text.lines().toList();
    int line = lines.getFirst().indexOf(" line=");
    Map<String, String> words = Arrays.stream(("name=" + lines.getFirst().substring(0, line)).split(" ")).map(word -> word.split("="))
        .collect(Collectors.toMap(word -> word[0], word -> word[1]));
    String[] start = lines.get(2).split(" ");
    byte[] bytes = new byte[Integer.parseInt(start[2])];
    byte[] madt = {};
    byte[] fadt = {};
    for (String each : lines.subList(3, lines.size())) {
      String[] parts = each.split(" ");
      byte[] data = HEX.parseHex(parts[1]);
      switch (parts[0]) {
        case "madt" -> madt = data;
        case "fadt" -> fadt = data;
        default -> System.arraycopy(data, 0, bytes, Integer.parseInt(parts[0], 16), data.length);
      }
    }
    return new Guest(words, lines.getFirst().substring(line + 6), lines.get(1).substring("populated ".length()), Long.decode(start[1]),
        bytes,
        madt, fadt);
  }

  private static PvhKernel kernel(Guest guest) {
    String kind = guest.words.get("kernel");
    boolean debian = kind.equals("debian");
    long from = debian ? 0x100_0000 : 0x10_0000;
    PvhKernel.Segment segment = new PvhKernel.Segment(from, debian ? 0x3A0_0000 : 0x5000, new byte[0x2000]);
    return new PvhKernel(List.of(segment), from, Optional.empty(), kind.equals("none") ? "" : "linux", kind.equals("new") || debian ? 0x8801
        : 0,
        debian);
  }

  private static PvhMap map(Guest guest) {
    return PvhMap.of((long) guest.number("memory") << 20, guest.number("vcpus"), kernel(guest));
  }

  @TestFactory
  Stream<DynamicTest> startInfoAndWhatItNamesAreXens() throws IOException {
    return guests().stream().map(guest -> DynamicTest.dynamicTest(guest.words.get("name"), () -> {
      PvhPlaces places = PvhPlaces.of(kernel(guest), guest.number("ramdisk"), guest.line, map(guest));
      assertEquals(guest.start, places.data().address());
      assertEquals(guest.start, places.data().startInfo());
      assertEquals(HEX.formatHex(guest.bytes), HEX.formatHex(places.data().bytes()));
    }));
  }

  @TestFactory
  Stream<DynamicTest> thePagesInTheHoleAreXens() throws IOException {
    return guests().stream().map(guest -> DynamicTest.dynamicTest(guest.words.get("name"), () -> assertEquals(guest.populated, map(guest)
        .populated().stream().filter(range -> range.from() >= 0xFC00_0000L && range.from() < 0x1_0000_0000L)
        .map(range -> "0x%x-0x%x".formatted(range.from() >>> 12, range.from() + range.size() >>> 12)).collect(Collectors.joining(" ")))));
  }

  /** Xen's says that there are two 8259As, which no PVH domain has. */
  @TestFactory
  Stream<DynamicTest> theMadtIsXensButForControllersThatArentThere() throws IOException {
    return guests().stream().filter(guest -> guest.madt.length > 0).map(guest -> DynamicTest.dynamicTest(guest.words.get("name"), () -> {
      AcpiTable xens = AcpiTable.read(guest.madt);
      assertEquals(Madt.PCAT_COMPAT, xens.structure().get(Madt.Field.FLAGS));
      AcpiTable without = AcpiTable.of(StructureBuilder.of(xens.structure()).set(Madt.Field.FLAGS, 0));
      assertEquals(HEX.formatHex(without.bytes()), HEX.formatHex(table(guest, "APIC").bytes()));
    }));
  }

  private static AcpiTable table(Guest guest, String signature) {
    PvhMap map = map(guest);
    PvhTables tables = PvhTables.of(PvhContainer.LAPIC, guest.number("vcpus"), map);
    return PlacedTables.of(TestMemory.of(map, tables), map.rootPointer()).stream().map(PlacedTable::table)
        .filter(table -> table.signature().equals(signature)).findFirst().orElseThrow();
  }

  /** Those fields in which the FADT isn't Xen's: it names general purpose events and a reset register that aren't there, and two of its fields name addresses. */
  @Test
  void theFadtIsXensButForWhatIsntThere() throws IOException {
    Guest guest = guests().getFirst();
    AcpiTable ours = table(guest, "FACP");
    AcpiTable xens = AcpiTable.read(guest.fadt);
    assertEquals(xens.length(), ours.length());
    List<String> different = Arrays.stream(Fadt.Field.values()).filter(field -> xens.structure().has(field))
        .filter(field -> !Arrays.equals(xens.structure().bytes(field), ours.structure().bytes(field))).map(Enum::name).toList();
    assertEquals(List.of("FIRMWARE_CTRL", "DSDT", "GPE0_BLK", "GPE0_BLK_LEN", "FLAGS", "RESET_REG", "RESET_VALUE", "X_FIRMWARE_CTRL",
        "X_DSDT"),
        different.stream().filter(name -> !name.equals("X_PM1A_EVT_BLK") && !name.equals("X_PM1A_CNT_BLK")).toList());
    assertEquals(xens.structure().get(Fadt.Field.IAPC_BOOT_ARCH), ours.structure().get(Fadt.Field.IAPC_BOOT_ARCH));
    assertEquals(xens.structure().get(Fadt.Field.FLAGS) & ~0x8100, ours.structure().get(Fadt.Field.FLAGS),
        "TMR_VAL_EXT, USE_PLATFORM_CLOCK");
  }

  /**
   * Dom0 of the same run, from machine memory after it was built and before it ran: an initial RAM disk of 0x148d00d bytes at 0x4a00000, an empty command line of its own behind it,
   * {@code console=hvc0 earlyprintk=xen panic=-1 loglevel=4} for the kernel.
   */
  @Test
  void theHardwareDomainsIsXens() {
    String line = "console=hvc0 earlyprintk=xen panic=-1 loglevel=4";
    StartData data = StartData.ofHardwareDomain(0x5E8_E000, 3, line, Optional.of(new StartInfo.Module(0x4A0_0000, 0x148_D00D, 0x5E8_D010)),
        0x2586_0F26);
    assertEquals(0x5E8_E058, data.startInfo());
    byte[] expected = HEX.parseHex(HEX.formatHex(line.getBytes(StandardCharsets.US_ASCII)) + "0000000000000000"
        + "0000a004000000000dd048010000000010d0e805000000000000000000000000"
        + "78c56e3300000000030000000100000038e0e8050000000000e0e80500000000"
        + "260f862500000000");
    assertArrayEquals(expected, data.bytes());
  }
}
