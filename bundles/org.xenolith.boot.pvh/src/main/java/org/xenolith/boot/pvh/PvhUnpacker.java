// SPDX-License-Identifier: EPL-2.0
package org.xenolith.boot.pvh;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.GZIPInputStream;
import org.tukaani.xz.LZMAInputStream;
import org.tukaani.xz.MemoryLimitException;
import org.tukaani.xz.XZInputStream;
import org.xenolith.boot.api.BootException;
import org.xenolith.pvh.codec.BzImage;
import org.xenolith.pvh.codec.LegacyLz4;

/** Turns the payload of a bzImage into the ELF file that it is. */
final class PvhUnpacker {
  private static final int CHUNK = 1 << 16;
  /** The most that a dictionary may need, in KiB: Linux has long made ones of 32 MiB (scripts/xz_wrap.sh), and a damaged file may ask for 4 GiB. */
  private static final int DICTIONARY = 192 << 10;

  private PvhUnpacker() {}

  /**
   * Unpacks.
   *
   * @param limit the most bytes that may come out: what is larger than the machine's memory isn't unpacked to the end
   */
  static byte[] unpack(BzImage image, long limit) {
    byte[] payload = image.payload();
    try {
      return switch (image.compression()) {
        case NONE -> payload;
        case GZIP -> all(new GZIPInputStream(new ByteArrayInputStream(payload), CHUNK), payload.length, limit);
        case XZ -> all(new XZInputStream(new ByteArrayInputStream(payload), DICTIONARY), payload.length, limit);
        case LZMA -> all(new LZMAInputStream(new ByteArrayInputStream(payload), DICTIONARY), payload.length, limit);
        case LZ4 -> LegacyLz4.unpack(payload, image.length(), limit);
        default -> throw new BootException("the bzImage is compressed with " + image.compression().name().toLowerCase(java.util.Locale.ROOT)
            + ", which isn't unpacked here; expected gzip, xz, lzma or lz4. Unpack its vmlinux (the kernel's scripts/extract-vmlinux does) and name that.");
      };
    } catch (LegacyLz4.TooLarge e) {
      throw tooLarge(limit);
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
  }

  private static byte[] all(InputStream in, int packed, long limit) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream((int) Math.min(packed * 4L, 64 << 20));
    byte[] chunk = new byte[CHUNK];
    for (int count = in.read(chunk); count >= 0; count = in.read(chunk)) {
      out.write(chunk, 0, count);
      if (out.size() > limit || out.size() > Integer.MAX_VALUE - 2 * CHUNK) {
        throw tooLarge(limit);
      }
    }
    return out.toByteArray();
  }

  private static BootException tooLarge(long limit) {
    return new BootException("the bzImage unpacks to more than the machine's memory of " + (limit >> 20)
        + " MiB. Give the machine more memory.");
  }
}
