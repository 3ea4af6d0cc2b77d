// SPDX-License-Identifier: EPL-2.0
package org.xenolith.block.vmdk;

import java.io.IOException;
import java.util.Arrays;
import java.util.Optional;
import org.xenolith.block.kit.ContentDigest;
import org.xenolith.block.kit.ImageBytes;

/** A part of a disk that lies in a file as it is, or is zeros. */
final class FlatExtent implements Extent {
  private final Optional<ImageBytes> image;
  private final long begin;
  private final long length;

  /**
   * One of a file; empty for zeros.
   *
   * @param begin  where it begins in the file
   * @param length bytes of the disk
   * @throws IOException if the file is shorter
   */
  FlatExtent(String name, Optional<ImageBytes> image, long begin, long length) throws IOException {
    this.image = image;
    this.begin = begin;
    this.length = length;
    if (image.isPresent() && (begin < 0 || begin > image.get().length() - length)) {
      throw SparseHeader.refused(name, "has " + image.get().length() + " bytes, and is said to have " + length + " of the disk from "
          + begin
          + " on");
    }
  }

  @Override
  public long length() {
    return length;
  }

  @Override
  public void read(long position, byte[] into, int offset, int bytes) throws IOException {
    if (image.isPresent()) {
      image.get().read(begin + position, into, offset, bytes);
    } else {
      Arrays.fill(into, offset, offset + bytes, (byte) 0);
    }
  }

  @Override
  public String digest() throws IOException {
    return image.isPresent() ? ContentDigest.of(image.get()) : "";
  }

  @Override
  public void close() throws IOException {
    if (image.isPresent()) {
      image.get().close();
    }
  }
}
