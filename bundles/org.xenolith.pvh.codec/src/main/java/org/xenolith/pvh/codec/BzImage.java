// SPDX-License-Identifier: EPL-2.0
package org.xenolith.pvh.codec;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * A kernel in the bzImage format, of which only the compressed ELF file inside matters here (Linux, Documentation/arch/x86/boot.rst: setup_sects at 0x1F1, header at
 * 0x202, version at 0x206, payload_offset at 0x248, payload_length at 0x24C).
 *
 * @param version     of the boot protocol: major in bits 15:8, minor in bits 7:0
 * @param compression of the payload
 * @param file        the bzImage, which isn't copied
 * @param from        where the compressed ELF file begins in it
 * @param end         where it ends, without the four bytes of its length behind it
 * @param length      what these four bytes say: how many bytes the ELF file has (Linux, scripts/Makefile.lib, size_append; of gzip RFC 1952, ISIZE), which may be wrong
 */
public record BzImage(int version, Compression compression, byte[] file, int from, int end, long length) {
  private static final int HEADER_END = 0x268;
  private static final int MAGIC = 0x53726448;
  private static final int FIRST_WITH_PAYLOAD = 0x208;
  private static final int SECTOR = 512;

  /** How a payload is compressed, by its first bytes (Linux, lib/decompress.c). */
  public enum Compression {
    /** gzip. */
    GZIP(0x1F, 0x8B),
    /** xz. */
    XZ(0xFD, '7', 'z', 'X', 'Z', 0),
    /** zstd. */
    ZSTD(0x28, 0xB5, 0x2F, 0xFD),
    /** LZ4 in its legacy frame. */
    LZ4(0x02, 0x21, 0x4C, 0x18),
    /** bzip2. */
    BZIP2('B', 'Z', 'h'),
    /** LZMA alone. */
    LZMA(0x5D, 0, 0),
    /** LZO. */
    LZO(0x89, 'L', 'Z', 'O'),
    /** An ELF file as it is. */
    NONE(0x7F, 'E', 'L', 'F');

    private final int[] magic;

    Compression(int... magic) {
      this.magic = magic;
    }

    private boolean begins(byte[] file, int at) {
      for (int i = 0; i < magic.length; i++) {
        if (at + i >= file.length || (file[at + i] & 0xFF) != magic[i]) {
          return false;
        }
      }
      return true;
    }
  }

  /** One of which nobody says how long its ELF file is. */
  public BzImage(int version, Compression compression, byte[] payload) {
    this(version, compression, payload, 0, payload.length, 0);
  }

  /** A copy of the compressed ELF file. */
  public byte[] payload() {
    return Arrays.copyOfRange(file, from, end);
  }

  /** Whether a file is a bzImage. Never throws. */
  public static boolean recognises(byte[] file) {
    return file.length >= HEADER_END && ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).getInt(0x202) == MAGIC;
  }

  /**
   * Finds the payload.
   *
   * @throws PvhFault if the file is cut off, too old, or compressed in an unknown way
   */
  public static BzImage parse(byte[] file) {
    if (!recognises(file)) {
      throw new PvhFault("the kernel is no bzImage: no HdrS at byte 0x202. Name a bzImage or a vmlinux.");
    }
    ByteBuffer bytes = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
    int version = bytes.getShort(0x206) & 0xFFFF;
    if (version < FIRST_WITH_PAYLOAD) {
      throw new PvhFault("the bzImage has boot protocol %d.%02d; from 2.08 on a bzImage says where its payload is. Name its vmlinux."
          .formatted(version >> 8,
              version & 0xFF));
    }
    int setup = file[0x1F1] & 0xFF;
    long start = (long) ((setup == 0 ? 4 : setup) + 1) * SECTOR + (bytes.getInt(0x248) & 0xFFFF_FFFFL);
    long length = bytes.getInt(0x24C) & 0xFFFF_FFFFL;
    if (length == 0) {
      throw new PvhFault(
          "the bzImage has no kernel packed inside: its payload has no bytes. It isn't Linux, but a program that a BIOS boot loader enters by Linux' boot protocol, as memtest86+ is, and there is none here. Name a bzImage of Linux, or a program with a PVH entry.");
    }
    if (length < 4 || start + length > file.length) {
      throw new PvhFault(
          "the bzImage is cut off or damaged: its payload is said to have %#x bytes from byte %#x on, and the file has %d. Copy the file again."
              .formatted(length, start, file.length));
    }
    int at = (int) start;
    for (Compression compression : Compression.values()) {
      if (compression.begins(file, at)) {
        int end = (int) (start + length - 4);
        return new BzImage(version, compression, file, at, end, bytes.getInt(end) & 0xFFFF_FFFFL);
      }
    }
    throw new PvhFault(
        "the bzImage's payload at byte %#x begins with %02x %02x %02x %02x, which is no compression that is known. Name its vmlinux."
            .formatted(at, file[at],
                file[at + 1], file[at + 2], file[at + 3]));
  }
}
