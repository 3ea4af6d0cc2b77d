// SPDX-License-Identifier: EPL-2.0
package org.xenolith.block.kit;

import java.io.Closeable;
import java.io.IOException;

/** Bytes of an image as a host keeps them, by position: a file, or in tests what a host that loses power has of one. */
public interface ImageBytes extends Closeable {
  /** Bytes that there are. */
  long length() throws IOException;

  /** Reads exactly so many bytes. @throws IOException naming the image, also if there aren't as many */
  void read(long position, byte[] into, int offset, int bytes) throws IOException;

  /** Writes so many bytes; behind the end it grows. @throws IOException naming the image */
  void write(long position, byte[] from, int offset, int bytes) throws IOException;

  /** Makes what was written durable: what is written afterwards may last only if all before does. @throws IOException naming the image */
  void flush() throws IOException;
}
