// SPDX-License-Identifier: EPL-2.0
package org.xenolith.boot.kit;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.util.Arrays;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

import org.xenolith.boot.api.BootException;
import org.xenolith.command.api.HostReason;

/**
 * Turns a kernel file that is packed as a whole, as Images for arm64 are ({@code Image.gz}, {@code Image.zst}, EFI zboot files), into what is in it: for machines and for domains.
 */
public final class KernelUnpacker {
  private static final int CHUNK = 1 << 20;

  private KernelUnpacker() {}

  private static boolean isGzip(byte[] file) {
    return file.length >= 2 && (file[0] & 0xff) == 0x1f && (file[1] & 0xff) == 0x8b;
  }

  /**
   * Unpacks gzip and zstd, also in an EFI zboot file, and passes on everything else.
   *
   * @param limit the most bytes that may come out: what is larger than the machine's memory, or the domain's, is not unpacked to the end
   * @throws BootException if the file is damaged, or what comes out is too large
   */
  public static byte[] unpack(byte[] file, long limit) {
    if (ZbootFile.recognises(file)) {
      return unpack(ZbootFile.payload(file), limit);
    }
    if (Zstd.recognises(file)) {
      return zstd(file, limit);
    }
    if (!isGzip(file)) {
      return file;
    }
    byte[] image = new byte[(int) Math.min(Math.max(4L * file.length, CHUNK), 1 << 30)];
    int length = 0;
    try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(file), 1 << 16)) {
      while (true) {
        if (length == image.length) {
          if (length > limit || length > Integer.MAX_VALUE / 2 - 8) {
            throw tooLarge(limit);
          }
          image = Arrays.copyOf(image, image.length * 2);
        }
        int count = in.read(image, length, image.length - length);
        if (count < 0) {
          return Arrays.copyOf(image, length);
        }
        length += count;
      }
    } catch (EOFException e) {
      throw new BootException("the compressed kernel is cut off after " + file.length + " bytes. Copy the file again.", e);
    } catch (ZipException e) {
      throw new BootException("the compressed kernel is damaged. Copy the file again.", e);
    } catch (IOException e) {
      throw new BootException("the compressed kernel can't be unpacked: " + HostReason.of(e).text(), e);
    }
  }

  private static byte[] zstd(byte[] file, long limit) {
    ByteArrayOutputStream image = new ByteArrayOutputStream((int) Math.min(4L * file.length, 1 << 30));
    try {
      Zstd.unpack(file, 0, file.length, Math.min(limit, Integer.MAX_VALUE / 2), image::write);
    } catch (Zstd.TooLarge e) {
      throw tooLarge(limit);
    } catch (IOException e) {
      throw new BootException("the compressed kernel is damaged (" + HostReason.of(e).text() + "). Copy the file again.", e);
    }
    return image.toByteArray();
  }

  private static BootException tooLarge(long limit) {
    return new BootException("the compressed kernel unpacks to more than the memory of " + (limit >> 20)
        + " MiB that it is for. Give the machine, or the domain, more.");
  }

  /** Whether a file is packed in a way that is unpacked here. */
  public static boolean recognises(byte[] file) {
    return isGzip(file) || Zstd.recognises(file) || ZbootFile.recognises(file);
  }
}
