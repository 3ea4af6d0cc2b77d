// SPDX-License-Identifier: EPL-2.0
package org.xenolith.net.kit;

import java.util.Arrays;

/**
 * Frames one behind the other, as they come into a machine and stand in its journal: of each its length (4 bytes), the work left to do
 * (2) and the most payload of a segment (2), big-endian, then its bytes.
 */
public final class FrameBatch {
  /** Bytes before each frame. */
  public static final int HEADER = 8;

  private byte[] bytes = new byte[1 << 12];
  private int length;

  /** Adds a frame. */
  public void add(byte[] from, int offset, int count, int offload, int payload) {
    if (length + HEADER + count > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, length + HEADER + count));
    }
    put(count, 4);
    put(offload, 2);
    put(payload, 2);
    System.arraycopy(from, offset, bytes, length, count);
    length += count;
  }

  private void put(int value, int size) {
    for (int shift = (size - 1) * 8; shift >= 0; shift -= 8) {
      bytes[length++] = (byte) (value >>> shift);
    }
  }

  /** Bytes of all. */
  public int length() {
    return length;
  }

  /** All of them; there are none afterwards. */
  public byte[] take() {
    byte[] all = Arrays.copyOf(bytes, length);
    length = 0;
    return all;
  }

  /** Length of the frame whose header is there; -1 if no whole frame is. */
  public static int length(byte[] batch, int at) {
    int left = batch.length - at - HEADER;
    int length = left < 0 ? -1 : half(batch, at) << 16 | half(batch, at + 2);
    return length > left ? -1 : length;
  }

  /** Work left to do of the frame whose header is there. */
  public static int offload(byte[] batch, int at) {
    return half(batch, at + 4);
  }

  /** Most payload of a segment of the frame whose header is there. */
  public static int payload(byte[] batch, int at) {
    return half(batch, at + 6);
  }

  private static int half(byte[] bytes, int at) {
    return (bytes[at] & 0xFF) << 8 | bytes[at + 1] & 0xFF;
  }
}
