// SPDX-License-Identifier: EPL-2.0
package org.xenolith.firmware.flash;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.xenolith.acpi.codec.AcpiTable;
import org.xenolith.acpi.codec.Fadt;
import org.xenolith.acpi.codec.LinkedTables;
import org.xenolith.acpi.codec.TableIdentity;
import org.xenolith.acpi.codec.TableSet;

/** What firmware makes of the commands, step by step, is what tables linked for that address are. */
class TableLoaderTest {
  private static final TableIdentity WHO = new TableIdentity("XENOLI", "XENOLITH", 1, "XENO", 1);

  private static AcpiTable table(String signature, int bytes) {
    byte[] table = new byte[bytes];
    System.arraycopy(signature.getBytes(StandardCharsets.US_ASCII), 0, table, 0, 4);
    ByteBuffer.wrap(table).order(ByteOrder.LITTLE_ENDIAN).putInt(4, bytes);
    byte sum = 0;
    for (byte each : table) {
      sum += each;
    }
    table[9] = (byte) -sum;
    return AcpiTable.read(table);
  }

  private static String name(ByteBuffer command) {
    byte[] name = new byte[56];
    command.get(name);
    return new String(name, StandardCharsets.US_ASCII).replace("\0", "");
  }

  @Test
  void followingTheCommandsGivesLinkedTables() {
    List<AcpiTable> tables = List.of(AcpiTable.of(AcpiTable.header(Fadt.LAYOUT, 6, WHO)), table("TEST", 100), table("DSDT", 77));
    Map<String, byte[]> files = new HashMap<>(TableLoader.files(new TableSet(tables), WHO));
    LinkedTables wanted = LinkedTables.of(tables, WHO, 0x4_0000);
    long at = wanted.tables().get(1).address();
    ByteBuffer commands = ByteBuffer.wrap(files.get("etc/table-loader")).order(ByteOrder.LITTLE_ENDIAN);
    assertEquals(0, commands.capacity() % 128);
    for (int each = 0; each < commands.capacity(); each += 128) {
      commands.position(each);
      int kind = commands.getInt();
      String file = name(commands);
      ByteBuffer content = ByteBuffer.wrap(files.get(file)).order(ByteOrder.LITTLE_ENDIAN);
      switch (kind) {
        case 1 -> assertEquals(true, commands.getInt() >= 16, "an alignment");
        case 2 -> {
          assertEquals("etc/acpi/tables", name(commands));
          int pointer = commands.getInt();
          assertEquals(8, commands.get());
          content.putLong(pointer, content.getLong(pointer) + at);
        }
        default -> {
          assertEquals(3, kind);
          int result = commands.getInt();
          int start = commands.getInt();
          int length = commands.getInt();
          byte sum = 0;
          for (int i = start; i < start + length; i++) {
            sum += content.get(i);
          }
          content.put(result, (byte) -sum);
        }
      }
    }
    byte[] all = wanted.bytes();
    assertArrayEquals(Arrays.copyOfRange(all, (int) (at - 0x4_0000), all.length), files.get("etc/acpi/tables"));
    assertArrayEquals(wanted.tables().getFirst().table().bytes(), files.get("etc/acpi/rsdp"));
  }
}
