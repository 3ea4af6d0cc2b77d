// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.partition;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Master boot records (UEFI 2.10, 5.2): functions of bytes. Extended partitions aren't followed. */
final class Mbr {
  /** Kind of the partition that protects a GUID partition table. */
  static final int PROTECTIVE = 0xEE;
  /** Kind of an EFI system partition. */
  static final int ESP = 0xEF;
  private static final int TABLE = 446;
  private static final int ENTRY = 16;
  private static final int ENTRIES = 4;

  private Mbr() {}

  /** A partition. @param number from 1 on; @param type its kind; @param first block; @param blocks how many */
  record Partition(int number, int type, long first, long blocks) {}

  /** The disk's signature. */
  static int signature(byte[] block) {
    return ByteBuffer.wrap(block).order(ByteOrder.LITTLE_ENDIAN).getInt(440);
  }

  /** A partition's entry. @param number from 1 on */
  static byte[] record(byte[] block, int number) {
    return Arrays.copyOfRange(block, TABLE + ENTRY * (number - 1), TABLE + ENTRY * number);
  }

  /** Partitions that lie on the disk and not over one another; none if the block is no master boot record. */
  static List<Partition> partitions(byte[] block, long blocks) {
    ByteBuffer in = ByteBuffer.wrap(block).order(ByteOrder.LITTLE_ENDIAN);
    List<Partition> found = new ArrayList<>();
    if (in.getShort(510) != (short) 0xAA55) {
      return found;
    }
    for (int i = 0; i < ENTRIES; i++) {
      int at = TABLE + ENTRY * i;
      int active = block[at] & 0xFF;
      long first = Integer.toUnsignedLong(in.getInt(at + 8));
      long count = Integer.toUnsignedLong(in.getInt(at + 12));
      if (active != 0 && active != 0x80) {
        return List.of(); // a file system's boot sector
      }
      Partition partition = new Partition(i + 1, block[at + 4] & 0xFF, first, count);
      boolean inside = partition.type != 0 && first > 0 && count > 0 && (first + count <= blocks || partition.type == PROTECTIVE);
      if (inside && found.stream().noneMatch(other -> other.first < first + count && first < other.first + other.blocks)) {
        found.add(partition);
      }
    }
    return found;
  }
}
