// SPDX-License-Identifier: EPL-2.0
package org.xenolith.boot.pvh;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.compressors.lz4.BlockLZ4CompressorInputStream;
import org.tukaani.xz.LZMAInputStream;
import org.tukaani.xz.MemoryLimitException;
import org.tukaani.xz.XZInputStream;
import org.xenolith.boot.api.BootException;
import org.xenolith.pvh.codec.BzImage;

/** Turns the payload of a bzImage into the ELF file that it is. */
final class PvhUnpacker {
  private static final int CHUNK = 1 << 16;
  /** The most that a dictionary may need, in KiB: Linux has long made ones of 32 MiB (scripts/xz_wrap.sh), and a damaged file may ask for 4 GiB. */
  private static final int DICTIONARY = 192 << 10;
  private static final int LZ4_MAGIC = 0x184C_2102;

  private PvhUnpacker() {}

  /**
   * Unpacks.
   *
   * @param limit the most bytes that may come out: what is larger than the machine's memory isn't unpacked to the end
   */
  static byte[] unpack(BzImage image, long limit) {
    byte[] payload = image.payload();
    ByteArrayOutputStream out = new ByteArrayOutputStream((int) Math.min(payload.length * 4L, 64 << 20));
    try {
      switch (image.compression()) {
        case NONE -> out.writeBytes(payload);
        case GZIP -> copy(new GZIPInputStream(new ByteArrayInputStream(payload), CHUNK), out, limit);
        case XZ -> copy(new XZInputStream(new ByteArrayInputStream(payload), DICTIONARY), out, limit);
        case LZMA -> copy(new LZMAInputStream(new ByteArrayInputStream(payload), DICTIONARY), out, limit);
        case LZ4 -> legacyLz4(payload, out, limit);
        default -> throw new BootException("the bzImage is compressed with " + image.compression().name().toLowerCase(java.util.Locale.ROOT)
            + ", which isn't unpacked here; expected gzip, xz, lzma or lz4. Unpack its vmlinux (the kernel's scripts/extract-vmlinux does) and name that.");
      }
    } catch (MemoryLimitException e) {
      throw new BootException(
          "the bzImage's payload wants %d MiB for its dictionary to be unpacked, more than the %d that are given; it may be damaged. Copy the file again, or unpack its vmlinux (the kernel's scripts/extract-vmlinux does) and name that."
              .formatted(e.getMemoryNeeded() >> 10, DICTIONARY >> 10), e);
    } catch (IOException | RuntimeException e) {
      if (e instanceof BootException known) {
        throw known;
      }
      throw new BootException("the bzImage's payload is damaged: " + e.getMessage() + ". Copy the file again.", e);
    }
    return out.toByteArray();
  }

  private static void copy(InputStream in, ByteArrayOutputStream out, long limit) throws IOException {
    byte[] chunk = new byte[CHUNK];
    for (int count = in.read(chunk); count >= 0; count = in.read(chunk)) {
      out.write(chunk, 0, count);
      if (out.size() > limit || out.size() > Integer.MAX_VALUE - 2 * CHUNK) {
        throw new BootException("the bzImage unpacks to more than the machine's memory of " + (limit >> 20)
            + " MiB. Give the machine more memory.");
      }
    }
  }

  /** LZ4's legacy frame: its magic, and blocks that begin with their compressed length (LZ4 Frame Format, "Legacy frame"). */
  private static void legacyLz4(byte[] payload, ByteArrayOutputStream out, long limit) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(payload).order(ByteOrder.LITTLE_ENDIAN);
    int at = 4;
    while (at + 4 <= payload.length) {
      int length = bytes.getInt(at);
      at += 4;
      if (length == LZ4_MAGIC) {
        continue;
      }
      if (length <= 0 || length > payload.length - at) {
        throw new IOException("an LZ4 block at byte " + at + " of the payload is said to have " + Integer.toUnsignedString(length)
            + " bytes");
      }
      copy(new BlockLZ4CompressorInputStream(new ByteArrayInputStream(payload, at, length)), out, limit);
      at += length;
    }
  }
}
