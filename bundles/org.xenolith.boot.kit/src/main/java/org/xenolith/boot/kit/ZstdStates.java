// SPDX-License-Identifier: EPL-2.0
package org.xenolith.boot.kit;

import java.io.IOException;

/** A table of finite state entropy (RFC 8878, 4.1): what symbol a state stands for, and how the next one is made out. */
final class ZstdStates {
  /** How many bits a state has. */
  final int bits;
  final byte[] symbol;
  /** Bits to be read for the next state, and what they are added to. */
  final byte[] more;
  final int[] base;

  private ZstdStates(int bits) {
    this.bits = bits;
    symbol = new byte[1 << bits];
    more = new byte[1 << bits];
    base = new int[1 << bits];
  }

  /** One that has one symbol only. */
  static ZstdStates of(int symbol) {
    ZstdStates one = new ZstdStates(0);
    one.symbol[0] = (byte) symbol;
    return one;
  }

  /** The table of some probabilities, of 2 to the so manieth; -1 is less than one (4.1.1). */
  static ZstdStates of(int bits, int count, short[] probability) {
    ZstdStates table = new ZstdStates(bits);
    int size = 1 << bits;
    int[] next = new int[count];
    int high = size - 1;
    for (int s = 0; s < count; s++) {
      next[s] = Math.abs(probability[s]);
      if (probability[s] == -1) {
        table.symbol[high--] = (byte) s;
      }
    }
    int at = 0;
    for (int s = 0; s < count; s++) {
      for (int i = 0; i < probability[s]; i++) {
        table.symbol[at] = (byte) s;
        do {
          at = at + (size >> 1) + (size >> 3) + 3 & size - 1;
        } while (at > high);
      }
    }
    for (int state = 0; state < size; state++) {
      int number = next[table.symbol[state]]++;
      int more = bits - (31 - Integer.numberOfLeadingZeros(number));
      table.more[state] = (byte) more;
      table.base[state] = (number << more) - size;
    }
    return table;
  }

  /** A table as a file has it, and where it ends there. */
  record Read(ZstdStates table, int end) {}

  /**
   * Reads a table (4.1.1).
   *
   * @param most    bits that a state may have
   * @param symbols how many there are at most
   */
  static Read read(byte[] in, int from, int end, int most, int symbols) throws IOException {
    Forward bits = new Forward(in, from, end);
    int width = bits.read(4) + 5;
    if (width > most) {
      throw damaged(from, "has states of " + width + " bits");
    }
    short[] probability = new short[symbols];
    int left = 1 << width;
    int count = 0;
    while (left > 0) {
      if (count >= symbols) {
        throw damaged(from, "has more symbols than there are");
      }
      int wide = 32 - Integer.numberOfLeadingZeros(left + 1);
      int lower = (1 << wide - 1) - 1;
      int small = (1 << wide) - 1 - (left + 1);
      int value = bits.peek(wide);
      if ((value & lower) < small) {
        value &= lower;
        bits.read(wide - 1);
      } else {
        bits.read(wide);
        value -= value > lower ? small : 0;
      }
      int p = value - 1;
      left -= Math.abs(p);
      probability[count++] = (short) p;
      if (p == 0) {
        int zeros;
        do {
          zeros = bits.read(2);
          count += zeros;
        } while (zeros == 3 && count < symbols);
      }
    }
    if (left < 0 || count > symbols || bits.over()) {
      throw damaged(from, "has probabilities that don't sum up");
    }
    return new Read(of(width, count, probability), bits.end());
  }

  private static IOException damaged(int from, String why) {
    return new IOException("zstd: the table at byte " + from + " of the file " + why);
  }

  /** Bits from the first to the last. */
  private static final class Forward {
    private final byte[] in;
    private final int from;
    private final int last;
    private int at;

    Forward(byte[] in, int from, int last) {
      this.in = in;
      this.from = from;
      this.last = last;
    }

    int peek(int bits) {
      int value = 0;
      for (int i = 0; i < bits; i++) {
        int place = from + (at + i >>> 3);
        value |= place < last ? (in[place] >>> (at + i & 7) & 1) << i : 0;
      }
      return value;
    }

    int read(int bits) {
      int value = peek(bits);
      at += bits;
      return value;
    }

    boolean over() {
      return end() > last;
    }

    int end() {
      return from + (at + 7 >>> 3);
    }
  }
}
