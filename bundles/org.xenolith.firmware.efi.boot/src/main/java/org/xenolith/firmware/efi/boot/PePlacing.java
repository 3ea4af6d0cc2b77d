// SPDX-License-Identifier: EPL-2.0
package org.xenolith.firmware.efi.boot;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.xenolith.efi.api.EfiStatus;
import org.xenolith.efi.boot.api.EfiRam;

/**
 * Puts a PE file's sections where they are to be executed, from memory to memory: a kernel of 30 MiB is no array here.
 *
 * @param memory the guest's
 * @param image  what the file's headers say
 * @param file   where the file is
 * @param base   where its image is to be
 */
record PePlacing(EfiRam memory, PeImage image, long file, long base) {
  private static final int DIR64 = 10;
  private static final int LEAST_BLOCK = 8;

  /** A section: bytes of the file that go somewhere, and what the image has there. */
  private record Section(long from, long length, long to) {}

  /** Places all of it. @throws org.xenolith.efi.boot.api.EfiError LOAD_ERROR if sections or relocations make no sense */
  void place() {
    long placed = image.headers();
    boolean ordered = true;
    for (int i = 0; i < image.count(); i++) {
      Section each = section(i);
      ordered &= each.to >= placed;
      placed = Math.max(placed, each.to + each.length);
    }
    if (!ordered) {
      memory.clear(base, image.size());
    }
    copy(0, 0, image.headers());
    placed = image.headers();
    for (int i = 0; i < image.count(); i++) {
      Section each = section(i);
      if (ordered) {
        memory.clear(base + placed, each.to - placed);
        placed = each.to + each.length;
      }
      copy(each.from, each.to, each.length);
    }
    if (ordered) {
      memory.clear(base + placed, image.size() - placed);
    }
    relocate(base - image.preferred());
  }

  private Section section(int number) {
    ByteBuffer in = ByteBuffer.wrap(image.head()).order(ByteOrder.LITTLE_ENDIAN);
    int at = image.sections() + PeImage.SECTION * number;
    long virtual = Integer.toUnsignedLong(in.getInt(at + 8));
    long to = Integer.toUnsignedLong(in.getInt(at + 12));
    long raw = Integer.toUnsignedLong(in.getInt(at + 16));
    long from = Integer.toUnsignedLong(in.getInt(at + 20));
    long length = virtual == 0 ? raw : Math.min(virtual, raw);
    if (to > image.size() || Math.max(length, virtual) > image.size() - to || length > 0 && (from > image.file() || length > image.file()
        - from)) {
      throw PeImage.bad(EfiStatus.LOAD_ERROR, "section " + number + " has 0x" + Long.toHexString(raw) + " bytes at 0x" + Long.toHexString(
          from)
          + " of the file, for 0x" + Long.toHexString(to));
    }
    return new Section(from, length, to);
  }

  private void copy(long from, long to, long length) {
    memory.copy(base + to, file + from, length);
  }

  private void relocate(long by) {
    long at = image.fixups() & 0xFFFF_FFFFL;
    long end = at + (image.fixups() >>> 32);
    if (end > image.size()) {
      throw PeImage.bad(EfiStatus.LOAD_ERROR, "its relocations end behind it");
    }
    while (at + LEAST_BLOCK <= end && by != 0) {
      long page = memory.get32(base + at);
      long length = memory.get32(base + at + 4);
      if (length < LEAST_BLOCK || length > end - at) {
        throw PeImage.bad(EfiStatus.LOAD_ERROR, "a block of relocations has " + length + " bytes");
      }
      ByteBuffer words = ByteBuffer.wrap(memory.read(base + at + LEAST_BLOCK, (int) length - LEAST_BLOCK)).order(ByteOrder.LITTLE_ENDIAN);
      while (words.remaining() >= Short.BYTES) {
        move(page, words.getShort() & 0xFFFF, by);
      }
      at += length;
    }
  }

  private void move(long page, int word, long by) {
    long place = page + (word & 0xFFF);
    int kind = word >>> 12;
    if (kind == DIR64 && place <= image.size() - (long) Long.BYTES) {
      memory.put64(base + place, memory.get64(base + place) + by);
    } else if (kind != 0) {
      throw PeImage.bad(EfiStatus.LOAD_ERROR, "a relocation of kind " + kind + " at 0x" + Long.toHexString(place));
    }
  }
}
