// SPDX-License-Identifier: EPL-2.0
package org.xenolith.firmware.efi.boot;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.xenolith.efi.api.EfiStatus;
import org.xenolith.efi.boot.api.EfiError;
import org.xenolith.efi.kit.EfiMemoryType;

/**
 * A PE32+ file for AArch64 as it lies in memory (Microsoft, PE Format; UEFI 2.10, 2.1.1). A pure function of the file's bytes: nothing that
 * a header says is believed before it was looked at.
 *
 * @param file      the file's bytes
 * @param headers   bytes of its headers
 * @param size      bytes in memory
 * @param entry     offset of its first instruction
 * @param subsystem 10 application, 11 driver of boot services, 12 driver of runtime services
 * @param sections  offset of the section headers
 * @param count     how many there are
 * @param preferred address that it was linked for
 * @param alignment of its sections in memory: a power of two
 * @param fixups    offset and bytes, in memory, of its base relocations; bytes 0: none
 */
record PeImage(byte[] file, int headers, int size, int entry, int subsystem, int sections, int count, long preferred, long alignment,
    long fixups) {
  private static final int MACHINE_AARCH64 = 0xAA64;
  private static final int PE32_PLUS = 0x20B;
  private static final int MOST_SIZE = 1 << 29;
  private static final int MOST_ALIGNMENT = 2 << 20;
  private static final int SECTION = 40;
  private static final int DIRECTORIES = 112;
  private static final int RELOCATIONS = 5;
  private static final int DIR64 = 10;
  private static final int APPLICATION = 10;
  private static final int BOOT_DRIVER = 11;
  private static final int RUNTIME_DRIVER = 12;

  private static EfiError bad(EfiStatus status, String why) {
    return new EfiError(status, "no EFI image for AArch64: " + why);
  }

  private static ByteBuffer little(byte[] bytes) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  /**
   * Reads the headers.
   *
   * @throws EfiError LOAD_ERROR if they make no sense, UNSUPPORTED if it is for another machine or kind of program
   */
  static PeImage of(byte[] file) {
    ByteBuffer in = little(file);
    if (file.length < 64 || in.getShort(0) != ('M' | 'Z' << 8)) {
      throw bad(EfiStatus.LOAD_ERROR, file.length + " bytes that don't begin with MZ");
    }
    long at = Integer.toUnsignedLong(in.getInt(60));
    if (at > file.length - 24 || in.getInt((int) at) != ('P' | 'E' << 8)) {
      throw bad(EfiStatus.LOAD_ERROR, "there is no PE header at 0x" + Long.toHexString(at));
    }
    int header = (int) at;
    int machine = in.getShort(header + 4) & 0xFFFF;
    int count = in.getShort(header + 6) & 0xFFFF;
    int optionalSize = in.getShort(header + 20) & 0xFFFF;
    int optional = header + 24;
    int sections = optional + optionalSize;
    if (machine != MACHINE_AARCH64) {
      throw bad(EfiStatus.UNSUPPORTED, "it is for machine 0x" + Integer.toHexString(machine));
    }
    if (optionalSize < DIRECTORIES || (long) sections + (long) count * SECTION > file.length
        || (in.getShort(optional) & 0xFFFF) != PE32_PLUS) {
      throw bad(EfiStatus.LOAD_ERROR, "its headers are cut off, or not PE32+");
    }
    int subsystem = in.getShort(optional + 68) & 0xFFFF;
    if (subsystem < APPLICATION || subsystem > RUNTIME_DRIVER) {
      throw bad(EfiStatus.UNSUPPORTED, "its subsystem is " + subsystem);
    }
    long size = Integer.toUnsignedLong(in.getInt(optional + 56));
    long headers = Integer.toUnsignedLong(in.getInt(optional + 60));
    long entry = Integer.toUnsignedLong(in.getInt(optional + 16));
    if (size == 0 || size > MOST_SIZE || headers > size || headers > file.length || entry >= size) {
      throw bad(EfiStatus.LOAD_ERROR, "size " + size + ", headers " + headers + ", entry 0x" + Long.toHexString(entry) + ", file "
          + file.length);
    }
    long alignment = Integer.toUnsignedLong(in.getInt(optional + 32));
    if (alignment == 0 || Long.bitCount(alignment) != 1 || alignment > MOST_ALIGNMENT) {
      throw bad(EfiStatus.LOAD_ERROR, "its sections are aligned to " + alignment);
    }
    long directories = Integer.toUnsignedLong(in.getInt(optional + 108));
    int directory = optional + DIRECTORIES + 8 * RELOCATIONS;
    long fixups = directories > RELOCATIONS && directory + 8 <= sections ? in.getLong(directory) : 0;
    return new PeImage(file, (int) headers, (int) size, (int) entry, subsystem, sections, count, in.getLong(optional + 24), alignment,
        fixups);
  }

  /** Kind of the memory that its code is in. */
  int codeType() {
    return (switch (subsystem) {
      case APPLICATION -> EfiMemoryType.LOADER_CODE;
      case BOOT_DRIVER -> EfiMemoryType.BOOT_SERVICES_CODE;
      default -> EfiMemoryType.RUNTIME_SERVICES_CODE;
    }).number();
  }

  /** Kind of memory of what it allocates from the pool. */
  int dataType() {
    return codeType() + 1;
  }

  boolean isApplication() { return subsystem == APPLICATION; }

  /**
   * What is to be in memory.
   *
   * @param base where it is to be
   * @throws EfiError LOAD_ERROR if sections or relocations make no sense
   */
  byte[] loaded(long base) {
    byte[] image = new byte[size];
    System.arraycopy(file, 0, image, 0, headers);
    ByteBuffer in = little(file);
    for (int i = 0; i < count; i++) {
      int section = sections + SECTION * i;
      long virtual = Integer.toUnsignedLong(in.getInt(section + 8));
      long to = Integer.toUnsignedLong(in.getInt(section + 12));
      long raw = Integer.toUnsignedLong(in.getInt(section + 16));
      long from = Integer.toUnsignedLong(in.getInt(section + 20));
      long length = virtual == 0 ? raw : Math.min(virtual, raw);
      if (to > size || Math.max(length, virtual) > size - to || length > 0 && (from > file.length || length > file.length - from)) {
        throw bad(EfiStatus.LOAD_ERROR, "section " + i + " has 0x" + Long.toHexString(raw) + " bytes at 0x" + Long.toHexString(from)
            + " of the file, for 0x" + Long.toHexString(to));
      }
      if (length > 0) {
        System.arraycopy(file, (int) from, image, (int) to, (int) length);
      }
    }
    relocate(little(image), base - preferred);
    return image;
  }

  private void relocate(ByteBuffer image, long by) {
    long at = fixups & 0xFFFF_FFFFL;
    long end = at + (fixups >>> 32);
    if (end > size) {
      throw bad(EfiStatus.LOAD_ERROR, "its relocations end behind it");
    }
    while (at + 8 <= end && by != 0) {
      long page = Integer.toUnsignedLong(image.getInt((int) at));
      long length = Integer.toUnsignedLong(image.getInt((int) at + 4));
      if (length < 8 || length > end - at) {
        throw bad(EfiStatus.LOAD_ERROR, "a block of relocations has " + length + " bytes");
      }
      for (long entry = at + 8; entry + 2 <= at + length; entry += 2) {
        int word = image.getShort((int) entry) & 0xFFFF;
        long place = page + (word & 0xFFF);
        int kind = word >>> 12;
        if (kind == DIR64 && place <= size - 8L) {
          image.putLong((int) place, image.getLong((int) place) + by);
        } else if (kind != 0) {
          throw bad(EfiStatus.LOAD_ERROR, "a relocation of kind " + kind + " at 0x" + Long.toHexString(place));
        }
      }
      at += length;
    }
  }
}
