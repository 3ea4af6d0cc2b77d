// SPDX-License-Identifier: EPL-2.0
package org.xenolith.boot.kit;

import java.io.IOException;

/** A table of Huffman's codes (RFC 8878, 4.2), by the bits that come next. */
final class ZstdCodes {
  private static final int MOST_BITS = 11;
  private static final int MOST_STATE_BITS = 6;
  private static final int SYMBOLS = 256;

  private final int bits;
  private final byte[] symbol;
  private final byte[] length;

  private ZstdCodes(int bits) {
    this.bits = bits;
    symbol = new byte[1 << bits];
    length = new byte[1 << bits];
  }

  /** A table as a file has it, and where it ends there. */
  record Read(ZstdCodes table, int end) {}

  static Read read(byte[] in, int from, int end) throws IOException {
    int[] weight = new int[SYMBOLS];
    int header = from < end ? in[from] & 0xFF : 0;
    int count;
    int next;
    if (header < 128) {
      next = from + 1 + header;
      if (header == 0 || next > end) {
        throw damaged(from, "is cut off");
      }
      count = packed(in, from + 1, next, weight);
    } else {
      count = header - 127;
      next = from + 1 + (count + 1) / 2;
      if (next > end) {
        throw damaged(from, "is cut off");
      }
      for (int i = 0; i < count; i++) {
        weight[i] = in[from + 1 + i / 2] >>> (i % 2 == 0 ? 4 : 0) & 0xF;
      }
    }
    return new Read(of(from, weight, count), next);
  }

  /** Weights that are packed themselves, by two states in turn (4.2.1.2). */
  private static int packed(byte[] in, int from, int end, int[] weight) throws IOException {
    ZstdStates.Read read = ZstdStates.read(in, from, end, MOST_STATE_BITS, MOST_BITS + 2);
    ZstdStates table = read.table();
    ZstdBits bits = new ZstdBits(in);
    bits.open(read.end(), end);
    int state = bits.read(table.bits);
    int other = bits.read(table.bits);
    int count = 0;
    while (true) {
      if (count >= SYMBOLS - 2 || bits.left() < 0) {
        throw damaged(from, "has more weights than there are symbols");
      }
      weight[count++] = table.symbol[state];
      int following = table.base[state] + bits.read(table.more[state]);
      if (bits.left() < 0) {
        weight[count++] = table.symbol[other];
        return count;
      }
      state = other;
      other = following;
    }
  }

  /** The last symbol's weight is what makes the sum a power of two. */
  private static ZstdCodes of(int from, int[] weight, int count) throws IOException {
    int sum = 0;
    for (int i = 0; i < count; i++) {
      if (weight[i] > MOST_BITS + 1) {
        throw damaged(from, "has a weight of " + weight[i]);
      }
      sum += weight[i] == 0 ? 0 : 1 << weight[i] - 1;
    }
    int bits = 32 - Integer.numberOfLeadingZeros(sum);
    int rest = (1 << bits) - sum;
    if (sum == 0 || bits > MOST_BITS || Integer.bitCount(rest) != 1) {
      throw damaged(from, "has weights that make no code");
    }
    weight[count] = 32 - Integer.numberOfLeadingZeros(rest);
    ZstdCodes table = new ZstdCodes(bits);
    int at = 0;
    for (int w = 1; w <= bits; w++) {
      for (int s = 0; s <= count; s++) {
        if (weight[s] == w) {
          for (int i = 0; i < 1 << w - 1; i++) {
            table.symbol[at] = (byte) s;
            table.length[at++] = (byte) (bits + 1 - w);
          }
        }
      }
    }
    return table;
  }

  /** Unpacks so many symbols, for which there must be just as many bits. */
  void unpack(ZstdBits in, byte[] out, int from, int count) throws IOException {
    for (int i = from; i < from + count; i++) {
      int next = in.peek(bits);
      out[i] = symbol[next];
      in.skip(length[next]);
    }
    if (in.left() != 0) {
      throw new IOException("zstd: " + count + " literals have " + in.left() + " bits left");
    }
  }

  private static IOException damaged(int from, String why) {
    return new IOException("zstd: the table of codes at byte " + from + " of the file " + why);
  }
}
