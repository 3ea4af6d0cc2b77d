// SPDX-License-Identifier: EPL-2.0
package org.xenolith.block.vmdk;

import java.io.Closeable;
import java.io.IOException;

/** A part of a disk, which lies in a file of its own, or nowhere. */
interface Extent extends Closeable {
  /** Bytes of the disk that it has. */
  long length();

  /** Reads bytes of it, by position in it. */
  void read(long position, byte[] into, int offset, int bytes) throws IOException;

  /** SHA-256 of its file; empty if it has none. */
  String digest() throws IOException;
}
