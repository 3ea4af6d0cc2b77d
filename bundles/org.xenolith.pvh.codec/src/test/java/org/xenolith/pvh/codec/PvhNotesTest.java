// SPDX-License-Identifier: EPL-2.0
package org.xenolith.pvh.codec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** What a kernel says of itself by notes beside that of its entry. */
class PvhNotesTest {
  private static final int ENTRY = 0x10_0000;
  private static final int SIZE = 0x2000;

  private static byte[] note(int type, byte[] description) {
    int size = description.length + 3 & -4;
    return ByteBuffer.allocate(16 + size).order(ByteOrder.LITTLE_ENDIAN).putInt(4).putInt(description.length).putInt(type).put("Xen\0"
        .getBytes(
            StandardCharsets.US_ASCII)).put(description).array();
  }

  private static byte[] number(long value, int bytes) {
    return Arrays.copyOf(ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(value).array(), bytes);
  }

  private static PvhKernel kernel(byte[]... notes) {
    int length = 0;
    for (byte[] each : notes) {
      length += each.length;
    }
    ByteBuffer file = ByteBuffer.allocate(0x1000 + SIZE).order(ByteOrder.LITTLE_ENDIAN);
    file.putInt(0x464C_457F).put((byte) 1).put((byte) 1).put((byte) 1).position(16);
    file.putShort((short) 2).putShort((short) 3).putInt(1).putInt(ENTRY).putInt(52).putInt(0).putInt(0).putShort((short) 52).putShort(
        (short) 32)
        .putShort((short) 2);
    file.position(52);
    file.putInt(1).putInt(0x1000).putInt(ENTRY).putInt(ENTRY).putInt(SIZE).putInt(0x5000).putInt(7).putInt(0x1000);
    file.putInt(4).putInt(116).putInt(ENTRY).putInt(ENTRY).putInt(length).putInt(length).putInt(4).putInt(4);
    for (byte[] each : notes) {
      file.put(each);
    }
    return PvhKernel.parse(file.array());
  }

  private static final byte[] PVH_ENTRY = note(18, number(ENTRY, 4));

  @Test
  void aKernelThatSaysNothingIsNothing() {
    PvhKernel kernel = kernel(PVH_ENTRY);
    assertEquals("", kernel.system());
    assertEquals(0, kernel.features());
    assertFalse(kernel.anyModule());
    assertEquals(ENTRY + 0x5000, kernel.end());
  }

  @Test
  void linuxSaysWhatItIsWhatItCanDoAndThatItFindsModulesAnywhere() {
    PvhKernel kernel = kernel(note(6, "linux\0".getBytes(StandardCharsets.US_ASCII)), PVH_ENTRY, note(17, number(0x8801, 4)), note(16,
        number(1, 8)));
    assertEquals("linux", kernel.system());
    assertEquals(0x8801, kernel.features());
    assertTrue(kernel.anyModule());
    assertEquals(kernel.features(), kernel.moved(0x1000).features());
    assertTrue(kernel.moved(0x1000).anyModule());
    assertEquals("linux", kernel.moved(0x1000).system());
  }

  @Test
  void numbersOfOddSizesArePassedOver() {
    PvhKernel kernel = kernel(PVH_ENTRY, note(17, new byte[3]), note(16, new byte[0]), note(6, new byte[0]));
    assertEquals(0, kernel.features());
    assertFalse(kernel.anyModule());
    assertEquals("", kernel.system());
  }
}
