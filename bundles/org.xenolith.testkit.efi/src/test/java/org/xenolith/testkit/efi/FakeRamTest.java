// SPDX-License-Identifier: EPL-2.0
package org.xenolith.testkit.efi;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.xenolith.efi.boot.api.EfiError;

/** The memory is an array of bytes, wherever its chunks end. */
class FakeRamTest {
  private static final int PLACES = 1 << 18;
  private final FakeRam ram = new FakeRam();

  @Test
  void itIsAnArrayOfBytes() {
    ByteBuffer expected = ByteBuffer.allocate(PLACES).order(ByteOrder.LITTLE_ENDIAN);
    Random random = new Random(1);
    for (int round = 0; round < 20_000; round++) {
      // Near the ends of chunks of 64 KiB, so that half of the accesses cross one.
      int at = (1 + random.nextInt(3) << 16) - random.nextInt(12);
      long address = FakeRam.BASE + at;
      long value = random.nextLong();
      byte[] bytes = new byte[random.nextInt(random.nextInt(100) == 0 ? 1 << 16 : 20)];
      switch (random.nextInt(10)) {
        case 0 -> {
          ram.put8(address, value);
          expected.put(at, (byte) value);
        }
        case 1 -> {
          ram.put16(address, value);
          expected.putShort(at, (short) value);
        }
        case 2 -> {
          ram.put32(address, value);
          expected.putInt(at, (int) value);
        }
        case 3 -> {
          ram.put64(address, value);
          expected.putLong(at, value);
        }
        case 4 -> {
          random.nextBytes(bytes);
          ram.write(address - bytes.length / 2, bytes);
          expected.put(at - bytes.length / 2, bytes);
        }
        case 5 -> {
          ram.clear(address - bytes.length / 2, bytes.length);
          Arrays.fill(expected.array(), at - bytes.length / 2, at - bytes.length / 2 + bytes.length, (byte) 0);
        }
        case 6 -> assertEquals(expected.get(at) & 0xFF, ram.get8(address));
        case 7 -> assertEquals(expected.getShort(at) & 0xFFFF, ram.get16(address));
        case 8 -> assertEquals(expected.getInt(at) & 0xFFFF_FFFFL, ram.get32(address));
        default -> assertEquals(expected.getLong(at), ram.get64(address));
      }
    }
    assertArrayEquals(expected.array(), ram.read(FakeRam.BASE, PLACES));
  }

  @Test
  void thereIsNothingBesideIt() {
    long end = FakeRam.BASE + FakeRam.SIZE;
    assertEquals(0, ram.get64(end - 8));
    for (long address : new long[] {0, FakeRam.BASE - 1, end - 7, end, -1}) {
      assertThrows(EfiError.class, () -> ram.get64(address));
      assertThrows(EfiError.class, () -> ram.put64(address, 0));
      assertThrows(EfiError.class, () -> ram.write(address, new byte[8]));
      assertThrows(EfiError.class, () -> ram.clear(address, 8));
      assertThrows(EfiError.class, () -> ram.read(address, 8));
    }
  }
}
