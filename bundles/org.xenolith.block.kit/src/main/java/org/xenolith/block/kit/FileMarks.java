// SPDX-License-Identifier: EPL-2.0
package org.xenolith.block.kit;


import java.io.IOException;

/**
 * The bytes by which formats are told apart: a file's first and last ones.
 *
 * @param begin {@link #LOOKED_AT} of them, or all that there are
 * @param end   as many
 */
record FileMarks(byte[] begin, byte[] end) {
  /** Bytes that are looked at, at the file's begin and at its end. */
  static final int LOOKED_AT = 512;

  static FileMarks of(ImageBytes image) throws IOException {
    long length = image.length();
    byte[] begin = new byte[(int) Math.min(length, LOOKED_AT)];
    byte[] end = begin.clone();
    image.read(0, begin, 0, begin.length);
    image.read(length - end.length, end, 0, end.length);
    return new FileMarks(begin, end);
  }
}
