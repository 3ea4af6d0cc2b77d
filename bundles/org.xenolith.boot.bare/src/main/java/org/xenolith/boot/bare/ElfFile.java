// SPDX-License-Identifier: EPL-2.0
package org.xenolith.boot.bare;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import org.xenolith.boot.api.BootException;

/**
 * What of an ELF file matters to load it (System V ABI, chapters 4 and 5; machine numbers of the ELF registry).
 *
 * @param parts       what is to be in memory, none empty
 * @param entry       where it is entered, as a physical address
 * @param independent whether it may lie elsewhere than it says (ET_DYN)
 */
record ElfFile(List<Part> parts, long entry, boolean independent) {
  private static final int HEADER = 64;
  private static final int PROGRAM_HEADER = 56;
  private static final int AARCH64 = 183;

  /**
   * A loadable segment.
   *
   * @param address   physical
   * @param size      bytes in memory
   * @param data      its first bytes; the rest is zero
   * @param alignment its address may be moved by multiples of this only, a power of two
   */
  record Part(long address, long size, byte[] data, long alignment) {}

  /** Whether a file is an ELF file, and not one of a PC's (machines 3 and 62), whose loader knows how it is entered. */
  static boolean recognises(byte[] file) {
    boolean elf = file.length >= 4 && file[0] == 0x7F && file[1] == 'E' && file[2] == 'L' && file[3] == 'F';
    int machine = elf && file.length >= 20 ? file[18] & 0xFF | (file[19] & 0xFF) << 8 : 0;
    return elf && machine != 3 && machine != 62;
  }

  /** Reads a file. @throws BootException if it is damaged or no program for these machines */
  static ElfFile parse(byte[] file) {
    if (file.length < HEADER) {
      throw damaged("it has %d bytes, its header alone has %d".formatted(file.length, HEADER));
    }
    boolean little = file[5] == 1;
    ByteBuffer bytes = ByteBuffer.wrap(file).order(little ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
    int machine = bytes.getShort(18) & 0xFFFF;
    if (machine != AARCH64 || file[4] != 2 || !little) {
      throw new BootException("the ELF file is for %s, %s-bit, %s-endian; only 64-bit little-endian AArch64 (A64) can be started."
          .formatted(machine(machine), file[4] == 1 ? "32" : file[4] == 2 ? "64" : "?", little ? "little" : "big"));
    }
    int type = bytes.getShort(16) & 0xFFFF;
    if (type != 2 && type != 3) {
      throw new BootException(switch (type) {
        case 1 -> "the ELF file is an object file that was not linked (or a kernel module). Link it.";
        case 4 -> "the ELF file is the memory dump of a program. Name the program.";
        default -> "the ELF file is of type %d; expected a program (2 or 3).".formatted(type);
      });
    }
    long table = bytes.getLong(32);
    int count = bytes.getShort(56) & 0xFFFF;
    if (count > 0 && ((bytes.getShort(54) & 0xFFFF) != PROGRAM_HEADER || !within(file, table, (long) count * PROGRAM_HEADER))) {
      throw damaged("its %d program headers are said to be at byte %#x of %d".formatted(count, table, file.length));
    }
    return program(file, bytes, (int) table, count, type == 3);
  }

  private static ElfFile program(byte[] file, ByteBuffer bytes, int table, int count, boolean independent) {
    List<Part> parts = new ArrayList<>();
    long entry = bytes.getLong(24);
    long physical = entry;
    long sum = 0;
    for (int i = 0; i < count; i++) {
      int at = table + i * PROGRAM_HEADER;
      int kind = bytes.getInt(at);
      long offset = bytes.getLong(at + 8);
      long virtual = bytes.getLong(at + 16);
      long address = bytes.getLong(at + 24);
      long stored = bytes.getLong(at + 32);
      long size = bytes.getLong(at + 40);
      if (kind == 3) {
        throw new BootException("the ELF file is a program for an operating system: it asks for a dynamic linker. Name one that runs"
            + " without.");
      }
      if (kind != 1 || size == 0) {
        continue;
      }
      if (stored < 0 || size < 0 || stored > size || !within(file, offset, stored)) {
        throw damaged("its segment %d has %#x bytes from byte %#x on, of which %#x are in the file of %d".formatted(i, size, offset, stored,
            file.length));
      }
      sum += stored;
      // Neighbours may share a page of the file. More than that is no linker's work, and would be many times the file in memory.
      if (sum > 2L * file.length) {
        throw damaged("its segments have %#x bytes and more in the file of %d".formatted(sum, file.length));
      }
      long alignment = bytes.getLong(at + 48);
      byte[] data = new byte[(int) stored];
      System.arraycopy(file, (int) offset, data, 0, data.length);
      parts.add(new Part(address, size, data, alignment > 1 && Long.bitCount(alignment) == 1 ? alignment : 1));
      if (Long.compareUnsigned(entry - virtual, size) < 0) {
        physical = entry - virtual + address;
      }
    }
    if (parts.isEmpty()) {
      throw new BootException("the ELF file has nothing to load (no segment of type PT_LOAD). Link it as a program.");
    }
    return new ElfFile(parts, physical, independent);
  }

  private static boolean within(byte[] file, long offset, long size) {
    return offset >= 0 && offset <= file.length && size <= file.length - offset;
  }

  private static BootException damaged(String why) {
    return new BootException("the ELF file is cut off or damaged: " + why + ". Copy the file again.");
  }

  private static String machine(int number) {
    return switch (number) {
      case 3 -> "x86";
      case 8 -> "MIPS";
      case 20 -> "PowerPC";
      case 21 -> "64-bit PowerPC";
      case 22 -> "S/390";
      case 40 -> "Arm (AArch32)";
      case 62 -> "x86-64";
      case AARCH64 -> "AArch64";
      case 243 -> "RISC-V";
      case 258 -> "LoongArch";
      default -> "machine " + number;
    };
  }
}
