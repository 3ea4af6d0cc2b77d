// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.kit;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;

/** The system table is where and what its fields say. */
class EfiSystemTableTest {
  private static final long BASE = 0x7c2f_1270L;

  /** As Xen's: the memory map of the golden run follows 152 bytes behind the table. */
  private final EfiSystemTable table = new EfiSystemTable(2 << 16 | 50, "Xen", 1).configuration(EfiSystemTable.ACPI, 0x1234_5678L);

  @Test
  void vendorAndConfigurationFollowTheTable() {
    assertEquals(0x7c2f_1308L, BASE + table.length());
    ByteBuffer bytes = ByteBuffer.wrap(table.bytes(BASE, EfiSystemTable.SIZE)).order(ByteOrder.LITTLE_ENDIAN);
    assertEquals("IBI SYST", new String(bytes.array(), 0, 8, StandardCharsets.US_ASCII));
    assertEquals(BASE + 120, bytes.getLong(24));
    assertEquals(1, bytes.getInt(32));
    assertEquals(1, bytes.getLong(104));
    assertEquals(BASE + 128, bytes.getLong(112));
    assertEquals('X', bytes.getShort(120));
    assertEquals(0, bytes.getShort(126));
    assertEquals(0x1234_5678L, bytes.getLong(128 + 16));
  }

  @Test
  void theChecksumIsThatOfTheHeadersSizeWithoutItself() {
    for (int size : new int[] {EfiSystemTable.SIZE, table.length()}) {
      byte[] bytes = table.bytes(BASE, size);
      int said = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getInt(16);
      ByteBuffer.wrap(bytes).putInt(16, 0);
      CRC32 crc = new CRC32();
      crc.update(bytes, 0, size);
      assertEquals((int) crc.getValue(), said);
    }
  }

  @Test
  void guidsAreMixed() {
    assertArrayEquals(HexFormat.of().parseHex("71e86888f1e4d311bc220080c73c8881"), EfiSystemTable.guid(EfiSystemTable.ACPI));
  }
}
