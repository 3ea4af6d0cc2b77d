// SPDX-License-Identifier: EPL-2.0
package org.xenolith.block.packed;

import java.io.IOException;
import org.xenolith.block.kit.DiskContent;
import org.xenolith.block.kit.ImageFile;

/** The disk in a packed image: what was unpacked of it, in the name of the packed file. */
final class UnpackedContent implements DiskContent {
  private final String name;
  private final String digest;
  private final ImageFile file;
  private final long length;

  /** @param name of the packed file */
  UnpackedContent(String name, UnpackedImages.Unpacked unpacked) throws IOException {
    this.name = name;
    digest = unpacked.sha256();
    file = ImageFile.open(unpacked.file(), false);
    length = file.length();
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public long length() {
    return length;
  }

  @Override
  public void read(long position, byte[] into, int offset, int bytes) throws IOException {
    file.read(position, into, offset, bytes);
  }

  /** The packed file's, which decides what comes out. */
  @Override
  public String digest() {
    return digest;
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
