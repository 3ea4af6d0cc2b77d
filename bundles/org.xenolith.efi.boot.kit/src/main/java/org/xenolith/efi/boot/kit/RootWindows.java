// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.boot.kit;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Windows of a PCI host as numbers of its interface: of memory below 4 GiB, memory above, and I/O the address on the bus, the size, the CPU's address. */
final class RootWindows {
  static final int NUMBERS = 3 * 3;
  static final int IO = 2;
  /** Bytes of descriptors of buses and windows, with their end. */
  static final int RESOURCES = 4 * 46 + 2;
  private static final int MEMORY_32 = 0;
  private static final int MEMORY_64 = 1;
  private static final int WINDOWS = 3;
  /** Cells of a row of {@code ranges}. */
  private static final int ROW = 7;

  private final long[] numbers;
  private final int at;

  /** @param at the first of its numbers */
  RootWindows(long[] numbers, int at) {
    this.numbers = numbers;
    this.at = at;
  }

  /** Takes windows from {@code ranges}: three cells of PCI address, two of the CPU's, two of size (IEEE 1275, PCI bus binding, 2.2.1.1). */
  void read(int[] ranges) {
    for (int row = 0; row + ROW <= ranges.length; row += ROW) {
      int space = ranges[row] >>> 24 & 3;
      long bus = number(ranges, row + 1);
      long size = number(ranges, row + 5);
      int window = space == 1 ? IO : bus + size <= 1L << 32 ? MEMORY_32 : MEMORY_64;
      int first = at + 3 * window;
      if (space != 0 && numbers[first + 1] == 0) {
        numbers[first] = bus;
        numbers[first + 1] = size;
        numbers[first + 2] = number(ranges, row + 3);
      }
    }
  }

  private static long number(int[] cells, int first) {
    return (long) cells[first] << 32 | cells[first + 1] & 0xFFFF_FFFFL;
  }

  /**
   * What there is, as ACPI's QWORD address space descriptors (ACPI 6.5, 6.4.3.5.1): kind 0 memory, 1 I/O, 2 buses. Memory is where the CPU sees
   * it, with what is to be added to be where devices see it (UEFI 2.10, 14.2, Configuration); ports are what they are on the bus, as the CPU
   * has none.
   */
  byte[] resources(long firstBus, long lastBus) {
    ByteBuffer out = ByteBuffer.allocate(RESOURCES).order(ByteOrder.LITTLE_ENDIAN);
    descriptor(out, 2, 0, firstBus, lastBus - firstBus + 1, 0);
    for (int window = 0; window < WINDOWS; window++) {
      int number = at + 3 * window;
      if (numbers[number + 1] != 0) {
        long first = numbers[window == IO ? number : number + 2];
        descriptor(out, window == IO ? 1 : 0, window == MEMORY_64 ? 64 : 32, first, numbers[number + 1], numbers[number] - first);
      }
    }
    out.put((byte) 0x79).put((byte) 0);
    return out.array();
  }

  private static void descriptor(ByteBuffer out, int kind, int bits, long first, long size, long offset) {
    out.put((byte) 0x8A).putShort((short) 0x2B).put((byte) kind).put((byte) 0).put((byte) 0).putLong(bits).putLong(first).putLong(first
        + size
        - 1).putLong(offset).putLong(size);
  }

  /** Where the CPU sees bytes of I/O; -1 if they aren't in the window. */
  long io(long address, long bytes) {
    return seen(IO, address, bytes);
  }

  /** Where the CPU sees bytes of memory; -1 if they aren't in a window. */
  long memory(long address, long bytes) {
    long below = seen(MEMORY_32, address, bytes);
    return below == -1 ? seen(MEMORY_64, address, bytes) : below;
  }

  private long seen(int window, long address, long bytes) {
    int number = at + 3 * window;
    long offset = address - numbers[number];
    return address >= numbers[number] && bytes >= 0 && bytes <= numbers[number + 1] && offset >= 0 && offset <= numbers[number + 1] - bytes
        ? numbers[number + 2] + offset : -1;
  }
}
