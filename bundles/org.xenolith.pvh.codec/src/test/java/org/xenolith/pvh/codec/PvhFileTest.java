// SPDX-License-Identifier: EPL-2.0
package org.xenolith.pvh.codec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.junit.jupiter.api.Test;

class PvhFileTest {
  @Test
  void whatIsWrittenIsAKernelWithThatEntryAndSegment() {
    byte[] file = PvhFile.of(new byte[] {1, 2, 3}, 0x10_0000, 0x5000, 0x10_0001);
    PvhKernel kernel = PvhKernel.parse(file);
    assertEquals(0x10_0001, kernel.entry());
    assertEquals(0x10_5000, kernel.end());
    assertEquals(64 + 2 * 56 + 20 + 3, file.length);
    assertEquals(3, file[file.length - 1]);
  }

  /** As ld makes them for the x32 ABI: an ELF header of 32 bits that says x86-64. */
  @Test
  void aFileOf32BitsForX8664IsAKernelToo() {
    for (int machine : new int[] {3, 62}) {
      ByteBuffer file = ByteBuffer.allocate(52 + 2 * 32 + 20 + 4).order(ByteOrder.LITTLE_ENDIAN);
      file.put(new byte[] {0x7F, 'E', 'L', 'F', 1, 1, 1}).position(16);
      file.putShort((short) 2).putShort((short) machine).putInt(1).putInt(0x10_0000).putInt(52).putInt(0).putInt(0);
      file.putShort((short) 52).putShort((short) 32).putShort((short) 2);
      file.position(52);
      file.putInt(1).putInt(136).putInt(0x10_0000).putInt(0x10_0000).putInt(4).putInt(8).putInt(7).putInt(4);
      file.putInt(4).putInt(116).putInt(0).putInt(0).putInt(20).putInt(20).putInt(4).putInt(4);
      file.putInt(4).putInt(4).putInt(18).put(new byte[] {'X', 'e', 'n', 0}).putInt(0x10_0002);
      PvhKernel kernel = PvhKernel.parse(file.array());
      assertEquals(0x10_0002, kernel.entry());
      assertEquals(0x10_0008, kernel.end());
    }
  }

  /** The header of Debian's memtest86+ 6.10: boot protocol 2.12, and neither payload_offset nor payload_length. */
  @Test
  void aProgramThatOnlyHasTheBootProtocolIsNotCalledDamaged() {
    ByteBuffer file = ByteBuffer.allocate(4096).order(ByteOrder.LITTLE_ENDIAN);
    file.put(0x1F1, (byte) 2).putShort(0x1FE, (short) 0xAA55).putInt(0x202, 0x5372_6448).putShort(0x206, (short) 0x20C);
    String said = assertThrows(PvhFault.class, () -> BzImage.parse(file.array())).getMessage();
    assertTrue(said.contains("has no kernel packed inside") && said.contains("memtest86+"), said);
    file.putInt(0x24C, 0x10_0000);
    String cut = assertThrows(PvhFault.class, () -> BzImage.parse(file.array())).getMessage();
    assertTrue(cut.contains("cut off or damaged"), cut);
  }
}
