// SPDX-License-Identifier: EPL-2.0
package org.xenolith.traces.formats;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Bytes of a packet, little-endian and without gaps; it grows. */
final class PacketBuffer {
  private byte[] bytes = new byte[1 << 12];
  private int length;

  int length() {
    return length;
  }

  byte[] bytes() {
    return bytes;
  }

  void clear() {
    length = 0;
  }

  private void room(int more) {
    if (length + more > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.max(length + more, bytes.length * 2));
    }
  }

  /** Adds an integer of 1 to 8 bytes. */
  void number(long value, int size) {
    room(size);
    for (int i = 0; i < size; i++) {
      bytes[length++] = (byte) (value >>> i * 8);
    }
  }

  /** Adds a text in UTF-8 with a zero behind it; zeros in it are left out. */
  void text(String text) {
    byte[] encoded = text.getBytes(StandardCharsets.UTF_8);
    room(encoded.length + 1);
    for (byte b : encoded) {
      if (b != 0) {
        bytes[length++] = b;
      }
    }
    bytes[length++] = 0;
  }

  /** Adds how many bytes there are, in four, and these. */
  void counted(byte[] more) {
    number(more.length, 4);
    raw(more, more.length);
  }

  /** Adds bytes. */
  void raw(byte[] more, int count) {
    room(count);
    System.arraycopy(more, 0, bytes, length, count);
    length += count;
  }
}
