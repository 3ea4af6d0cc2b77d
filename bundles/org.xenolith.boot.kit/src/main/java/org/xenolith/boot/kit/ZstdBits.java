// SPDX-License-Identifier: EPL-2.0
package org.xenolith.boot.kit;

import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Bits that are read from the last to the first (RFC 8878, 4.1): behind the last one is a 1, which isn't one of them. Before the first one are zeros. */
final class ZstdBits {
  private static final VarHandle WORD = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private final byte[] in;
  private int from;
  /** How many are left; less than none if more were read. */
  private long left;

  ZstdBits(byte[] in) {
    this.in = in;
  }

  /** Begins with those of some bytes. */
  void open(int first, int end) throws IOException {
    int last = first < end ? in[end - 1] & 0xFF : 0;
    if (last == 0) {
      throw new IOException("zstd: the bits before byte " + end + " of the file have no end");
    }
    from = first;
    left = 8L * (end - first) - Integer.numberOfLeadingZeros(last) + 24 - 1;
  }

  /** How many are left; less than none if more were read. */
  long left() {
    return left;
  }

  /** The next bits, up to 32. */
  int read(int bits) {
    left -= bits;
    return at(left, bits);
  }

  /** The same, and they stay. */
  int peek(int bits) {
    return at(left - bits, bits);
  }

  void skip(int bits) {
    left -= bits;
  }

  private int at(long position, int bits) {
    if (position >= 0) {
      return (int) (word(from + (int) (position >>> 3)) >>> (position & 7) & (1L << bits) - 1);
    }
    long there = bits + position;
    return there <= 0 ? 0 : (int) ((word(from) & (1L << there) - 1) << -position);
  }

  private long word(int at) {
    if (at + 8 <= in.length) {
      return (long) WORD.get(in, at);
    }
    long word = 0;
    for (int i = at; i < in.length; i++) {
      word |= (in[i] & 0xFFL) << 8 * (i - at);
    }
    return word;
  }
}
