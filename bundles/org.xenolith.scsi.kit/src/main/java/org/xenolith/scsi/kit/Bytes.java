// SPDX-License-Identifier: EPL-2.0
package org.xenolith.scsi.kit;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Fields of commands and their data, which are big-endian (SPC-4, 3.5). */
final class Bytes {
  private Bytes() {}

  /** An unsigned field of 1 to 8 bytes. */
  static long get(byte[] bytes, int offset, int size) {
    long value = 0;
    for (int i = 0; i < size; i++) {
      value = value << 8 | bytes[offset + i] & 0xFF;
    }
    return value;
  }

  static void put(byte[] bytes, int offset, int size, long value) {
    for (int i = 0; i < size; i++) {
      bytes[offset + i] = (byte) (value >>> 8 * (size - 1 - i));
    }
  }

  /** Text on the left, filled with blanks; what ASCII hasn't got is a question mark. */
  static void text(byte[] bytes, int offset, int size, String text) {
    Arrays.fill(bytes, offset, offset + size, (byte) ' ');
    byte[] ascii = text.getBytes(StandardCharsets.US_ASCII);
    System.arraycopy(ascii, 0, bytes, offset, Math.min(size, ascii.length));
  }
}
