// SPDX-License-Identifier: EPL-2.0
package org.xenolith.boot.kit;

import java.io.EOFException;
import java.io.IOException;
import java.util.Arrays;
import java.util.Optional;
import org.tukaani.xz.MemoryLimitException;
import org.xenolith.boot.api.BootException;
import org.xenolith.command.api.HostReason;

/**
 * Turns a kernel file that is packed as a whole, as Images for arm64 are ({@code Image.gz}, {@code Image.zst}, EFI zboot files), into what is in it: for machines and for domains.
 */
public final class KernelUnpacker {
  /** The packings, for messages. */
  public static final String PACKINGS = "gzip, zstd, xz, lzma or lz4";
  private static final int CHUNK = 1 << 20;
  private static final int LARGEST = Integer.MAX_VALUE / 2 - 8;

  private final long limit;
  private byte[] image;
  private int length;

  private KernelUnpacker(int packed, long limit) {
    this.limit = limit;
    image = new byte[(int) Math.min(Math.max(4L * packed, CHUNK), 1 << 30)];
  }

  /**
   * Unpacks {@link #PACKINGS}, also in an EFI zboot file, and passes on everything else.
   *
   * @param limit the most bytes that may come out: what is larger than the machine's memory, or the domain's, is not unpacked to the end
   * @throws BootException if the file is damaged, or what comes out is too large
   */
  public static byte[] unpack(byte[] file, long limit) {
    if (ZbootFile.recognises(file)) {
      return unpack(ZbootFile.payload(file), limit);
    }
    Optional<KernelPacking> packing = KernelPacking.of(file);
    return packing.isEmpty() ? file : new KernelUnpacker(file.length, limit).unpacked(file, packing.get());
  }

  private byte[] unpacked(byte[] file, KernelPacking packing) {
    try {
      packing.unpack(file, Math.min(limit, LARGEST), this::take);
      return Arrays.copyOf(image, length);
    } catch (Zstd.TooLarge e) {
      throw tooLarge();
    } catch (EOFException e) {
      throw new BootException("the compressed kernel is cut off after " + file.length + " bytes. Copy the file again.", e);
    } catch (MemoryLimitException e) {
      throw new BootException(
          "the compressed kernel asks for %d MiB to be unpacked, more than kernels need; it may be damaged. Copy the file again, or unpack it."
              .formatted(e.getMemoryNeeded() >> 10), e);
    } catch (IOException e) {
      throw new BootException("the compressed kernel is damaged (" + HostReason.of(e).text() + "). Copy the file again.", e);
    }
  }

  private void take(byte[] bytes, int from, int count) {
    if (count > limit - length || count > LARGEST - length) {
      throw tooLarge();
    }
    if (count > image.length - length) {
      image = Arrays.copyOf(image, Math.max(length + count, image.length * 2));
    }
    System.arraycopy(bytes, from, image, length, count);
    length += count;
  }

  private BootException tooLarge() {
    return new BootException("the compressed kernel unpacks to more than the memory of " + (limit >> 20)
        + " MiB that it is for. Give the machine, or the domain, more.");
  }

  /** Whether a file is packed in a way that is unpacked here. */
  public static boolean recognises(byte[] file) {
    return KernelPacking.of(file).isPresent() || ZbootFile.recognises(file);
  }
}
