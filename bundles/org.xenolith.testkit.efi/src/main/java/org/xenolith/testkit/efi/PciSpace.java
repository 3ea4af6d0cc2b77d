// SPDX-License-Identifier: EPL-2.0
package org.xenolith.testkit.efi;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.Random;
import org.xenolith.efi.api.EfiStatus;
import org.xenolith.efi.boot.api.EfiRam;

/**
 * What can be read and written by a pair of functions of a PCI protocol, and what both must keep (UEFI 2.10, 14.2 and 14.4).
 *
 * @param protocol address of the interface
 * @param read     where its function that reads is in it; the one that writes is behind that
 * @param bar      the BAR that is an argument of both; -1: there is none
 * @param first    address or offset of the first byte
 * @param bytes    all bytes, live
 */
record PciSpace(FakeFirmware firmware, long protocol, int read, int bar, long first, byte[] bytes) {
  private static final int FIFO = 4;
  private static final int FILL = 8;
  private static final int ROOM = 1024;
  /** More accesses than somebody makes at once. */
  private static final int MANY = 200;
  private static final byte UNTOUCHED = (byte) 0xA5;

  EfiStatus call(boolean write, long width, long at, long count, long buffer) {
    long function = firmware.memory().get64(protocol + read + (write ? 8 : 0));
    return EfiStatus.of(bar < 0 ? firmware.call(function, protocol, width, at, count, buffer)
        : firmware.call(function, protocol, width, bar, at, count, buffer));
  }

  private long buffer() {
    long buffer = firmware.room(ROOM);
    byte[] fill = new byte[ROOM];
    Arrays.fill(fill, UNTOUCHED);
    firmware.memory().write(buffer, fill);
    return buffer;
  }

  private String what(boolean write, long width, long at, long count) {
    return (write ? "a write" : "a read") + " of width " + width + " and count " + count + " at 0x" + Long.toHexString(at)
        + ", function at " + read;
  }

  private void reads(long width, int at, int count, byte[] expected) {
    long buffer = buffer();
    byte[] before = bytes.clone();
    assertEquals(EfiStatus.SUCCESS, call(false, width, first + at, count, buffer), what(false, width, first + at, count));
    byte[] all = new byte[ROOM];
    Arrays.fill(all, UNTOUCHED);
    System.arraycopy(expected, 0, all, 0, expected.length);
    assertArrayEquals(all, firmware.memory().read(buffer, ROOM), what(false, width, first + at, count));
    assertArrayEquals(before, bytes, what(false, width, first + at, count));
  }

  private void writes(long width, int at, int count, byte[] from, byte[] expected) {
    long buffer = buffer();
    byte[] all = bytes.clone();
    firmware.memory().write(buffer, from);
    assertEquals(EfiStatus.SUCCESS, call(true, width, first + at, count, buffer), what(true, width, first + at, count));
    System.arraycopy(expected, 0, all, at, expected.length);
    assertArrayEquals(all, bytes, what(true, width, first + at, count));
    assertArrayEquals(from, firmware.memory().read(buffer, from.length), "what was written is as it was");
  }

  /** Each width, one register and many, from the first byte on and up to the last. @param widest 2: 32 bits, 3: 64 bits */
  void widths(int start, int widest) {
    Random random = new Random(3);
    for (int width = 0; width <= widest; width++) {
      int size = 1 << width;
      for (int count : new int[] {0, 1, 3, 70}) {
        if (count * size > bytes.length - start) {
          continue;
        }
        for (int at : new int[] {start, bytes.length - count * size}) {
          reads(width, at, count, Arrays.copyOfRange(bytes, at, at + count * size));
          byte[] now = new byte[count * size];
          random.nextBytes(now);
          writes(width, at, count, now, now);
        }
      }
    }
  }

  /** One register many times, and one value in many registers. */
  void repetitions(int start, int widest) {
    Random random = new Random(4);
    for (int width = 0; width <= widest; width++) {
      int size = 1 << width;
      byte[] register = Arrays.copyOfRange(bytes, start, start + size);
      byte[] thrice = new byte[3 * size];
      for (int i = 0; i < thrice.length; i++) {
        thrice[i] = register[i % size];
      }
      reads(FIFO + width, start, 3, thrice);
      reads(FILL + width, start, 3, Arrays.copyOfRange(bytes, start + 2 * size, start + 3 * size));
      byte[] now = new byte[3 * size];
      random.nextBytes(now);
      writes(FIFO + width, start, 3, now, Arrays.copyOfRange(now, 2 * size, 3 * size));
      byte[] one = Arrays.copyOf(now, size);
      for (int i = 0; i < now.length; i++) {
        now[i] = one[i % size];
      }
      writes(FILL + width, start, 3, one, now);
      writes(FIFO + width, bytes.length - size, 3, thrice, Arrays.copyOfRange(thrice, 2 * size, 3 * size));
    }
  }

  /** Nothing is read or written. */
  void refused(EfiStatus expected, long width, long at, long count, long buffer) {
    byte[] before = bytes.clone();
    EfiRam memory = firmware.memory();
    for (boolean write : new boolean[] {false, true}) {
      assertEquals(expected, call(write, width, at, count, buffer), what(write, width, at, count));
      assertArrayEquals(before, bytes, what(write, width, at, count));
    }
    if (buffer >= FakeRam.BASE && buffer < FakeRam.BASE + FakeRam.SIZE - ROOM) {
      assertEquals(0x5A5A_5A5A_5A5A_5A5AL, memory.get64(buffer), what(false, width, at, count));
    }
  }

  /** What isn't there. @param expected by which status */
  void ends(EfiStatus expected) {
    long buffer = firmware.room(64);
    firmware.memory().put64(buffer, 0x5A5A_5A5A_5A5A_5A5AL);
    long end = first + bytes.length;
    refused(expected, 2, end, 1, buffer);
    refused(expected, 0, end, 1, buffer);
    refused(expected, 2, end - 4, 2, buffer);
    refused(expected, 2, first, bytes.length / 4 + 1L, buffer);
    refused(expected, 2, first, (1L << 62) + 1, buffer);
    refused(expected, 0, first, -1, buffer);
    refused(expected, 0, first, Long.MIN_VALUE, buffer);
    refused(expected, 2 + FILL, end - 4, 2, buffer);
    refused(expected, 2 + FIFO, end, 1, buffer);
  }

  /** Widths that are none, and a buffer that isn't there, or of which some isn't. @param gap 64 bytes that are no memory, between memory */
  void arguments(long gap) {
    long buffer = firmware.room(64);
    firmware.memory().put64(buffer, 0x5A5A_5A5A_5A5A_5A5AL);
    firmware.memory().put64(gap - 8, 0x5A5A_5A5A_5A5A_5A5AL);
    for (long width : new long[] {12, 13, 0x7FFF_FFFF, 0xFFFF_FFFFL}) {
      refused(EfiStatus.INVALID_PARAMETER, width, first, 1, buffer);
    }
    long end = FakeRam.BASE + FakeRam.SIZE;
    for (long nowhere : new long[] {0, 0x10, end, end - 2, -4, -2}) {
      refused(EfiStatus.INVALID_PARAMETER, 2, first, 1, nowhere);
    }
    // Also of those registers that the buffer has room for none is accessed.
    refused(EfiStatus.INVALID_PARAMETER, 0, first, MANY, end - MANY + 1);
    refused(EfiStatus.INVALID_PARAMETER, FIFO, first, MANY, end - MANY + 1);
    refused(EfiStatus.INVALID_PARAMETER, FIFO, first, 1L << 32, buffer);
    refused(EfiStatus.INVALID_PARAMETER, FILL + 2, first, MANY / 4, end - 2);
    refused(EfiStatus.INVALID_PARAMETER, 0, first, MANY, gap - 8);
    refused(EfiStatus.INVALID_PARAMETER, FIFO, first, MANY, gap - 8);
  }

  /** Registers at places that aren't multiples of their width are refused, or they are those. */
  void unaligned(int start) {
    Random random = new Random(6);
    for (int[] each : new int[][] {{1, 1}, {2, 1}, {2, 2}, {2, 7}}) {
      int at = start + each[1];
      byte[] now = new byte[1 << each[0]];
      for (boolean write : new boolean[] {false, true}) {
        random.nextBytes(now);
        long buffer = buffer();
        firmware.memory().write(buffer, now);
        byte[] before = bytes.clone();
        EfiStatus status = call(write, each[0], first + at, 1, buffer);
        byte[] read = status == EfiStatus.SUCCESS && !write ? Arrays.copyOfRange(before, at, at + now.length) : now;
        if (status == EfiStatus.SUCCESS && write) {
          System.arraycopy(now, 0, before, at, now.length);
        }
        assertArrayEquals(before, bytes, what(write, each[0], first + at, 1));
        assertArrayEquals(read, firmware.memory().read(buffer, now.length), what(write, each[0], first + at, 1));
      }
    }
  }
}
