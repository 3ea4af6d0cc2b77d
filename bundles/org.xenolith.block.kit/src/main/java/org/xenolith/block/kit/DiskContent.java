// SPDX-License-Identifier: EPL-2.0
package org.xenolith.block.kit;

import java.io.Closeable;
import java.io.IOException;

/**
 * What a disk holds, as a format finds it: bytes by position, without a word of sectors, overlays or snapshots, which are {@link ContentDisk}'s.
 * Called by one thread at a time.
 */
public interface DiskContent extends Closeable {
  /** What a message about it begins with: the file, or what else names it. */
  String name();

  /** Bytes that the disk has, as a guest sees it; it doesn't change. */
  long length();

  /** Reads exactly so many bytes, all of them below {@link #length}. @throws IOException naming the image and the place in it */
  void read(long position, byte[] into, int offset, int bytes) throws IOException;

  /**
   * What tells this content from any other: SHA-256 of the files that it is in, in hexadecimal, or where there are none a text that names it. Snapshots compare it; it may
   * read all of the files.
   */
  String digest() throws IOException;

  /**
   * Whether these bytes are known to be zeros without being read: a hole in a file.
   *
   * @param position at a multiple of 4096
   */
  default boolean isHole(long position, int bytes) throws IOException {
    return false;
  }

  /** Whether reading costs a way to elsewhere: then little is read that no guest asked for. */
  default boolean isRemote() { return false; }

  /** Writes so many bytes, all of them below {@link #length}. A format that only reads is never asked. */
  default void write(long position, byte[] from, int offset, int bytes) throws IOException {
    throw new IOException(name() + ": can't be written");
  }

  /** Makes what was written durable. */
  default void flush() throws IOException {}

  /** These bytes aren't needed any more; they read as anything afterwards, but as the same in every run. */
  default void discard(long position, long bytes) throws IOException {}
}
