// SPDX-License-Identifier: EPL-2.0
package org.xenolith.net.user;

import java.io.IOException;
import java.nio.ByteBuffer;

/** Bytes of one direction of a stream, in their order. Its room grows when it is needed, up to a limit and to what all of them may have. */
final class ByteRing {
  private static final int FIRST = 16 << 10;

  /** Bytes that all rings of a link may have. */
  static final class Budget {
    private long left;

    Budget(long bytes) {
      left = bytes;
    }

    private boolean take(int bytes) {
      if (bytes > left) {
        return false;
      }
      left -= bytes;
      return true;
    }

    private void give(int bytes) {
      left += bytes;
    }

    long left() {
      return left;
    }
  }

  private final Budget budget;
  private final int limit;
  /** A power of two of bytes; none at first. */
  private byte[] bytes = new byte[0];
  private int head;
  private int size;

  /** @param limit most bytes, a power of two */
  ByteRing(Budget budget, int limit) {
    this.budget = budget;
    this.limit = limit;
  }

  int size() {
    return size;
  }

  /** Bytes that it would take if all had what they may. */
  int free() {
    return limit - size;
  }

  /** Makes room for some bytes if that can be. */
  private void grow(int wanted) {
    int room = Math.max(FIRST, bytes.length);
    while (room < Math.min(wanted, limit)) {
      room *= 2;
    }
    room = Math.min(room, limit);
    while (room > bytes.length) {
      if (budget.take(room - bytes.length)) {
        byte[] more = new byte[room];
        copy(0, more, 0, size);
        bytes = more;
        head = 0;
        return;
      }
      room /= 2;
    }
  }

  /** Takes bytes at its end. @return how many */
  int put(byte[] from, int offset, int length) {
    if (size + length > bytes.length) {
      grow(size + length);
    }
    int taken = Math.min(length, bytes.length - size);
    if (taken > 0) {
      int tail = head + size & bytes.length - 1;
      int first = Math.min(taken, bytes.length - tail);
      System.arraycopy(from, offset, bytes, tail, first);
      System.arraycopy(from, offset + first, bytes, 0, taken - first);
      size += taken;
    }
    return taken;
  }

  /** Copies bytes from a place, counted from the first. */
  void copy(int from, byte[] to, int offset, int length) {
    if (length > 0) {
      int start = head + from & bytes.length - 1;
      int first = Math.min(length, bytes.length - start);
      System.arraycopy(bytes, start, to, offset, first);
      System.arraycopy(bytes, 0, to, offset + first, length - first);
    }
  }

  void drop(int count) {
    size -= count;
    head = size == 0 ? 0 : head + count & bytes.length - 1;
  }

  /** Reads from a stream once. @return bytes, 0 if there are none or no room, -1 at the end */
  int fill(Outside.Stream stream) throws IOException {
    if (size == bytes.length) {
      grow(size + 1);
      if (size == bytes.length) {
        return 0;
      }
    }
    int tail = head + size & bytes.length - 1;
    int count = stream.read(ByteBuffer.wrap(bytes, tail, Math.min(bytes.length - size, bytes.length - tail)));
    size += Math.max(count, 0);
    return count;
  }

  /** Writes to a stream what that takes. @return whether all of it is written */
  boolean drain(Outside.Stream stream) throws IOException {
    while (size > 0) {
      int count = stream.write(ByteBuffer.wrap(bytes, head, Math.min(size, bytes.length - head)));
      if (count <= 0) {
        return false;
      }
      drop(count);
    }
    return true;
  }

  /** Gives its room back; it holds nothing any more. */
  void release() {
    budget.give(bytes.length);
    bytes = new byte[0];
    head = 0;
    size = 0;
  }
}
