// SPDX-License-Identifier: EPL-2.0
package org.xenolith.firmware.efi.boot;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.xenolith.efi.api.EfiStatus;
import org.xenolith.efi.boot.api.EfiError;
import org.xenolith.efi.boot.api.EfiRam;
import org.xenolith.efi.kit.EfiMemoryType;

/**
 * What the headers of a PE32+ file say (Microsoft, PE Format; UEFI 2.10, 2.1.1). Nothing of it is believed before it was looked at.
 *
 * @param head      the file's beginning, with the headers of its sections
 * @param file      bytes of the whole file
 * @param headers   bytes of its headers
 * @param size      bytes in memory
 * @param entry     offset of its first instruction
 * @param subsystem 10 application, 11 driver of boot services, 12 driver of runtime services
 * @param sections  offset of the section headers
 * @param count     how many there are
 * @param preferred address that it was linked for
 * @param alignment of its sections in memory: a power of two
 * @param fixups    offset and bytes, in memory, of its base relocations; bytes 0: none
 * @param resources the same of its resources
 */
record PeImage(byte[] head, long file, int headers, int size, int entry, int subsystem, int sections, int count, long preferred,
    long alignment,
    long fixups, long resources) {
  private static final int PE32_PLUS = 0x20B;
  private static final int MOST_SIZE = 1 << 29;
  private static final int MOST_ALIGNMENT = 2 << 20;
  static final int SECTION = 40;
  /** Bytes that are looked at first: most headers are in them. */
  private static final int FIRST = 4096;
  private static final int DIRECTORIES = 112;
  private static final int RESOURCES = 2;
  private static final int RELOCATIONS = 5;
  private static final int APPLICATION = 10;
  private static final int BOOT_DRIVER = 11;
  private static final int RUNTIME_DRIVER = 12;

  static EfiError bad(EfiStatus status, String why) {
    return new EfiError(status, "no EFI image for this machine: " + why);
  }

  private static ByteBuffer little(byte[] bytes) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  /**
   * Reads the headers of a file in memory.
   *
   * @param length   of the file
   * @param expected machine that it must be for
   * @throws EfiError LOAD_ERROR if they make no sense, UNSUPPORTED if it is for another machine or kind of program
   */
  static PeImage of(EfiRam memory, long at, long length, PeMachine expected) {
    byte[] first = memory.read(at, (int) Math.min(length, FIRST));
    long needed = needed(first, length);
    return of(needed <= first.length ? first : memory.read(at, (int) needed), length, expected);
  }

  /** How much of a file has its headers in it, if it is one. */
  private static long needed(byte[] first, long length) {
    ByteBuffer in = little(first);
    long header = first.length < 64 ? 0 : Integer.toUnsignedLong(in.getInt(60));
    long optional = Math.min(length, header + 24);
    if (header + 24 > first.length) {
      return Math.min(length, optional + 0xFFFF + 0xFFFFL * SECTION);
    }
    long count = in.getShort((int) header + 6) & 0xFFFF;
    return Math.min(length, optional + (in.getShort((int) header + 20) & 0xFFFF) + count * SECTION);
  }

  private static PeImage of(byte[] head, long length, PeMachine expected) {
    ByteBuffer in = little(head);
    if (head.length < 64 || in.getShort(0) != ('M' | 'Z' << 8)) {
      throw bad(EfiStatus.LOAD_ERROR, length + " bytes that don't begin with MZ");
    }
    long at = Integer.toUnsignedLong(in.getInt(60));
    if (at > head.length - 24 || in.getInt((int) at) != ('P' | 'E' << 8)) {
      throw bad(EfiStatus.LOAD_ERROR, "there is no PE header at 0x" + Long.toHexString(at));
    }
    int header = (int) at;
    int machine = in.getShort(header + 4) & 0xFFFF;
    int count = in.getShort(header + 6) & 0xFFFF;
    int optionalSize = in.getShort(header + 20) & 0xFFFF;
    int optional = header + 24;
    int sections = optional + optionalSize;
    if (machine != expected.number()) {
      throw bad(EfiStatus.UNSUPPORTED, "it is for machine 0x" + Integer.toHexString(machine) + ", expected " + expected);
    }
    if (optionalSize < DIRECTORIES || (long) sections + (long) count * SECTION > head.length
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
    if (size == 0 || size > MOST_SIZE || headers > size || headers > length || entry >= size) {
      throw bad(EfiStatus.LOAD_ERROR, "size " + size + ", headers " + headers + ", entry 0x" + Long.toHexString(entry) + ", file "
          + length);
    }
    long alignment = Integer.toUnsignedLong(in.getInt(optional + 32));
    if (alignment == 0 || Long.bitCount(alignment) != 1 || alignment > MOST_ALIGNMENT) {
      throw bad(EfiStatus.LOAD_ERROR, "its sections are aligned to " + alignment);
    }
    return new PeImage(head, length, (int) headers, (int) size, (int) entry, subsystem, sections, count, in.getLong(optional + 24),
        alignment, directory(in, optional, sections, RELOCATIONS), directory(in, optional, sections, RESOURCES));
  }

  /** Offset and bytes of a data directory; 0 if the headers haven't that many. */
  private static long directory(ByteBuffer in, int optional, int sections, int number) {
    long directories = Integer.toUnsignedLong(in.getInt(optional + 108));
    int at = optional + DIRECTORIES + 8 * number;
    return directories > number && at + 8 <= sections ? in.getLong(at) : 0;
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
}
