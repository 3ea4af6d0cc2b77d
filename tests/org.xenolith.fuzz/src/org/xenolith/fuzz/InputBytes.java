// SPDX-License-Identifier: EPL-2.0
package org.xenolith.fuzz;

/** Reads an input; behind its end all is zero. */
public final class InputBytes {
  private final byte[] bytes;
  private int at;

  /** @param bytes the input */
  public InputBytes(byte[] bytes) {
    this.bytes = bytes;
  }

  /** Whether all is read. */
  public boolean end() {
    return at >= bytes.length;
  }

  /** One byte, 0 to 255. */
  public int next() {
    return end() ? 0 : bytes[at++] & 0xFF;
  }

  /** Little-endian number of so many bytes. */
  public long next(int count) {
    long value = 0;
    for (int i = 0; i < count; i++) {
      value |= (long) next() << 8 * i;
    }
    return value;
  }

  /** Up to so many of the bytes that follow. */
  public byte[] take(int count) {
    byte[] taken = java.util.Arrays.copyOfRange(bytes, Math.min(at, bytes.length), Math.min(at + count, bytes.length));
    at += taken.length;
    return taken;
  }
}
