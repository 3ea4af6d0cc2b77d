// SPDX-License-Identifier: EPL-2.0
package org.xenolith.conformance.cpu;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/** Writes static AArch64 Linux programs. */
final class ElfFile {
  static final int EXECUTE = 1;
  static final int WRITE = 2;
  static final int READ = 4;
  private static final int HEADER = 64;
  private static final int PROGRAM_HEADER = 56;
  private static final int PAGE = 4096;
  private static final short EXECUTABLE = 2;
  private static final short AARCH64 = 183;

  /** @param address page-aligned */
  record Segment(long address, int flags, byte[] bytes) {}

  private ElfFile() {}

  static byte[] write(long entry, List<Segment> segments) {
    int size = PAGE;
    for (Segment segment : segments) {
      size += segment.bytes.length + PAGE - 1 & -PAGE;
    }
    ByteBuffer elf = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    elf.put(new byte[] {0x7F, 'E', 'L', 'F', 2, 1, 1}).position(16);
    elf.putShort(EXECUTABLE).putShort(AARCH64).putInt(1).putLong(entry).putLong(HEADER).putLong(0);
    elf.putInt(0).putShort((short) HEADER).putShort((short) PROGRAM_HEADER).putShort((short) segments.size());
    int header = HEADER;
    int offset = PAGE;
    for (Segment segment : segments) {
      long length = segment.bytes.length;
      elf.position(header);
      elf.putInt(1).putInt(segment.flags).putLong(offset).putLong(segment.address).putLong(segment.address);
      elf.putLong(length).putLong(length).putLong(PAGE);
      elf.put(offset, segment.bytes);
      header += PROGRAM_HEADER;
      offset += segment.bytes.length + PAGE - 1 & -PAGE;
    }
    return elf.array();
  }
}
