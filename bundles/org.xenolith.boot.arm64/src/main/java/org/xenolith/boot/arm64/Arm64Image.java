// SPDX-License-Identifier: EPL-2.0
package org.xenolith.boot.arm64;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;

import org.xenolith.boot.api.BootException;
import org.xenolith.boot.kit.ForeignFile;
import org.xenolith.boot.kit.KernelUnpacker;

/**
 * An uncompressed arm64 kernel and the 64 bytes of header that describe it (Linux,
 * Documentation/arch/arm64/booting.rst, section 4: code0, code1, text_offset, image_size, flags, three reserved words,
 * magic, res5).
 *
 * @param bytes the whole file
 * @param textOffset distance of the image from a 2 MiB aligned base, in bytes
 * @param imageSize memory that the image needs from its start on, in bytes; more than the file, whose zeroed data is
 *        not stored
 * @param flags the header's flag word, see the methods
 */
public record Arm64Image(byte[] bytes, long textOffset, long imageSize, long flags) {
  static final int HEADER_SIZE = 64;
  private static final int MAGIC_AT = 56;
  /** "ARM" and 0x64, little-endian. */
  private static final int MAGIC = 0x644d5241;
  private static final int TEXT_OFFSET_AT = 8;
  private static final int IMAGE_SIZE_AT = 16;
  private static final int FLAGS_AT = 24;
  private static final int PE_OFFSET_AT = 60;
  /** What kernels before 3.17 assumed when they left image_size zero. */
  private static final long OLD_TEXT_OFFSET = 0x80000;
  /** A kernel without a size gets as much room again as its file, for the zeroed data that nobody states. */
  private static final long OLD_ZEROED_DATA = 16L << 20;

  /** Whether the bytes begin with an uncompressed arm64 image's header. */
  public static boolean recognises(byte[] file) {
    return file.length >= HEADER_SIZE && words(file).getInt(MAGIC_AT) == MAGIC;
  }

  /**
   * Reads the header and checks what can be checked.
   *
   * @throws BootException when it is no such image, or not whole
   */
  public static Arm64Image parse(byte[] file) {
    if (file.length < HEADER_SIZE) {
      throw new BootException("the kernel has only " + file.length + " bytes, less than the 64-byte header of an arm64 Image. "
          + "Check that the file was copied completely.");
    }
    if (!recognises(file)) {
      throw new BootException(whatItIs(file));
    }
    long textOffset = words(file).getLong(TEXT_OFFSET_AT);
    long imageSize = words(file).getLong(IMAGE_SIZE_AT);
    long flags = words(file).getLong(FLAGS_AT);
    if (imageSize == 0) {
      textOffset = OLD_TEXT_OFFSET;
      imageSize = file.length + OLD_ZEROED_DATA;
    }
    if ((flags & 1) != 0) {
      throw new BootException("the kernel is big-endian (flag bit 0 of its header); only little-endian kernels can be started.");
    }
    if (textOffset < 0 || textOffset >= 1L << 30 || (textOffset & 0xfff) != 0) {
      throw new BootException(String.format("the kernel's header is damaged: text_offset is %#x, expected a multiple of 4 KiB below 1 GiB.",
          textOffset));
    }
    if (imageSize < 0 || imageSize >= 1L << 40) {
      throw new BootException(String.format("the kernel's header is damaged: image_size is %#x.", imageSize));
    }
    long needed = bytesOfSections(file);
    if (needed > file.length) {
      throw new BootException("the kernel is cut off: it has " + file.length + " bytes, its own section table names " + needed
          + ". Copy the file again.");
    }
    // Some builds state less than the file holds; the file is copied whole, so it counts.
    return new Arm64Image(file, textOffset, Math.max(imageSize, file.length), flags);
  }

  /** Whether the kernel may lie anywhere in RAM (flag bit 3); otherwise it wants to be close to the start of RAM. */
  public boolean anywhere() {
    return (flags & 8) != 0;
  }

  /** The kernel's page size in bytes (flag bits 2:1), empty when it doesn't say. */
  public Optional<Integer> pageSize() {
    return switch ((int) (flags >> 1 & 3)) {
      case 1 -> Optional.of(4 << 10);
      case 2 -> Optional.of(16 << 10);
      case 3 -> Optional.of(64 << 10);
      default -> Optional.empty();
    };
  }

  /** The header in words. */
  public String description() {
    return "arm64 Image, " + bytes.length + " bytes, needs " + imageSize + " bytes of memory, "
        + pageSize().map(size -> (size >> 10) + " KiB").orElse("unstated") + " pages, "
        + (anywhere() ? "may lie anywhere" : "wants the start of RAM");
  }

  /** The last byte that the PE section table (present when the kernel has an EFI stub) places in the file; 0 if none. */
  private static long bytesOfSections(byte[] file) {
    if (file[0] != 'M' || file[1] != 'Z') {
      return 0;
    }
    ByteBuffer words = words(file);
    int pe = words.getInt(PE_OFFSET_AT);
    if (pe < HEADER_SIZE || pe > file.length - 24 || words.getInt(pe) != 0x4550) {
      return 0;
    }
    int sections = words.getShort(pe + 6) & 0xffff;
    long table = pe + 24L + (words.getShort(pe + 20) & 0xffff);
    long last = 0;
    for (int i = 0; i < sections && table + 40 <= file.length; i++, table += 40) {
      long size = words.getInt((int) table + 16) & 0xffffffffL;
      long start = words.getInt((int) table + 20) & 0xffffffffL;
      last = Math.max(last, start + size);
    }
    return last;
  }

  private static ByteBuffer words(byte[] file) {
    return ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static String whatItIs(byte[] file) {
    if (file[0] == 0x7f && file[1] == 'E' && file[2] == 'L' && file[3] == 'F') {
      return "the kernel is a compressed ELF file. Unpack it; only an arm64 Image may be packed, with " + KernelUnpacker.PACKINGS + ".";
    }
    return ForeignFile.describe(file).map(what -> "the kernel is " + what).orElseGet(() -> String.format("the kernel is not an arm64"
        + " Image: the word at byte 56 is %#010x, expected the magic 0x644d5241. Unpack it if it is a flat binary; only an"
        + " Image may be packed, with %s.", words(file).getInt(MAGIC_AT), KernelUnpacker.PACKINGS));
  }
}
