// SPDX-License-Identifier: EPL-2.0
package org.xenolith.pvh.kit;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.MemorySegment;
import java.util.zip.GZIPInputStream;
import org.tukaani.xz.LZMAInputStream;
import org.tukaani.xz.MemoryLimitException;
import org.tukaani.xz.XZInputStream;
import org.xenolith.boot.api.BootException;
import org.xenolith.boot.kit.Zstd;
import org.xenolith.command.api.HostReason;
import org.xenolith.pvh.codec.BzImage;
import org.xenolith.pvh.codec.LegacyLz4;

/** Turns the payload of a bzImage into the ELF file that it is. */
public final class PvhUnpacker {
  private static final int CHUNK = 1 << 16;
  /** What a packed byte of a kernel makes at most; room for more isn't made just because a header says so. */
  private static final long USUAL = 8;
  /** The most that a dictionary may need, in KiB: Linux has long made ones of 32 MiB (scripts/xz_wrap.sh), and a damaged file may ask for 4 GiB. */
  private static final int DICTIONARY = 192 << 10;

  private PvhUnpacker() {}

  /**
   * Unpacks. Returns the ELF file, a part of the image's or all of what has come out.
   *
   * @param limit the most bytes that may come out: what is larger than the machine's memory isn't unpacked to the end
   * @param out   takes what comes out
   */
  public static MemorySegment unpack(BzImage image, long limit, PageBuffer out) {
    int packed = image.end() - image.from();
    ByteArrayInputStream payload = new ByteArrayInputStream(image.file(), image.from(), packed);
    try {
      if (image.compression() != BzImage.Compression.NONE) {
        out.expect(Math.min(Math.min(image.length(), limit), USUAL * packed));
      }
      switch (image.compression()) {
        case NONE -> {
          return MemorySegment.ofArray(image.file()).asSlice(image.from(), packed);
        }
        case GZIP -> all(new GZIPInputStream(payload, CHUNK), limit, out);
        case XZ -> all(new XZInputStream(payload, DICTIONARY), limit, out);
        case LZMA -> all(new LZMAInputStream(payload, DICTIONARY), limit, out);
        case LZ4 -> LegacyLz4.unpack(image.file(), image.from(), image.end(), limit, out::add);
        case ZSTD -> Zstd.unpack(image.file(), image.from(), image.end(), limit, out::add);
        default -> throw new BootException("the bzImage is compressed with " + image.compression().name().toLowerCase(java.util.Locale.ROOT)
            + ", which isn't unpacked here; expected zstd, gzip, xz, lzma or lz4. Unpack its vmlinux (the kernel's scripts/extract-vmlinux does) and name that.");
      }
      return out.bytes();
    } catch (LegacyLz4.TooLarge | Zstd.TooLarge e) {
      throw tooLarge(limit);
    } catch (MemoryLimitException e) {
      throw new BootException(
          "the bzImage's payload wants %d MiB for its dictionary to be unpacked, more than the %d that are given; it may be damaged. Copy the file again, or unpack its vmlinux (the kernel's scripts/extract-vmlinux does) and name that."
              .formatted(e.getMemoryNeeded() >> 10, DICTIONARY >> 10), e);
    } catch (IOException | RuntimeException e) {
      if (e instanceof BootException known) {
        throw known;
      }
      throw new BootException("the bzImage's payload is damaged: " + (e instanceof IOException ? HostReason.of(e).text()
          : "it isn't what was packed") + ". Copy the file again.", e);
    }
  }

  private static void all(InputStream in, long limit, PageBuffer out) throws IOException {
    byte[] chunk = new byte[CHUNK];
    for (int count = in.read(chunk); count >= 0; count = in.read(chunk)) {
      out.add(chunk, count);
      if (out.size() > limit) {
        throw tooLarge(limit);
      }
    }
  }

  private static BootException tooLarge(long limit) {
    return new BootException("the bzImage unpacks to more than the memory of " + (limit >> 20)
        + " MiB that it is for. Give the machine, or the domain, more.");
  }
}
