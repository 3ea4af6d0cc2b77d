// SPDX-License-Identifier: EPL-2.0
package org.xenolith.boot.kit;

import java.io.IOException;
import java.util.Arrays;

/** Compressed blocks of one frame (RFC 8878, 3.1.1.3): literals, and sequences that say where they stand and what is copied between them. Tables and offsets stay for the blocks that follow. */
final class ZstdBlock {
  private static final int RAW = 0;
  private static final int RUN = 1;
  private static final int TREELESS = 3;
  private static final int[] LENGTH_BASE = new int[36];
  private static final int[] LENGTH_BITS = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 3, 3, 4, 6, 7, 8, 9, 10, 11,
      12,
      13, 14, 15, 16};
  private static final int[] MATCH_BASE = new int[53];
  private static final int[] MATCH_BITS = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
      1,
      1, 1, 1, 2, 2, 3, 3, 4, 4, 5, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16};
  // What tables are before a block has some of its own (3.1.1.3.2.2).
  private static final ZstdStates LENGTHS = ZstdStates.of(6, 36, new short[] {4, 3, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 1, 1, 1, 2, 2, 2, 2, 2,
      2, 2, 2, 2, 3, 2, 1, 1, 1, 1, 1, -1, -1, -1, -1});
  private static final ZstdStates MATCHES = ZstdStates.of(6, 53, new short[] {1, 4, 3, 2, 2, 2, 2, 2, 2, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1,
      1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, -1, -1, -1, -1, -1, -1, -1});
  private static final ZstdStates OFFSETS = ZstdStates.of(5, 29, new short[] {1, 1, 1, 1, 1, 1, 2, 2, 2, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1,
      1, 1, 1, -1, -1, -1, -1, -1});

  static {
    // Each code goes on where the one before it ends (3.1.1.3.2.1.1).
    for (int i = 1; i < LENGTH_BASE.length; i++) {
      LENGTH_BASE[i] = LENGTH_BASE[i - 1] + (1 << LENGTH_BITS[i - 1]);
    }
    MATCH_BASE[0] = 3;
    for (int i = 1; i < MATCH_BASE.length; i++) {
      MATCH_BASE[i] = MATCH_BASE[i - 1] + (1 << MATCH_BITS[i - 1]);
    }
  }

  private final byte[] in;
  private final ZstdBits bits;
  private final byte[] literals = new byte[Zstd.BLOCK];
  private int count;
  private ZstdCodes codes;
  private ZstdStates lengths;
  private ZstdStates matches;
  private ZstdStates offsets;
  private int first = 1;
  private int second = 4;
  private int third = 8;
  private int at;
  private int end;

  ZstdBlock(byte[] in) {
    this.in = in;
    bits = new ZstdBits(in);
  }

  /**
   * Unpacks a block.
   *
   * @param from  where it begins in the input, and where it ends
   * @param out   has room for {@link Zstd#BLOCK} bytes from {@code made} on
   * @param reach how far back a copy may come from
   * @return where the output ends
   */
  int unpack(int from, int to, byte[] out, int made, int reach) throws IOException {
    at = from;
    end = to;
    literals();
    return sequences(out, made, reach);
  }

  private int next() throws IOException {
    if (at >= end) {
      throw damaged("is cut off");
    }
    return in[at++] & 0xFF;
  }

  private long number(int size) throws IOException {
    long number = 0;
    for (int i = 0; i < size; i++) {
      number |= (long) next() << 8 * i;
    }
    return number;
  }

  // ---- Literals (3.1.1.3.1)

  private void literals() throws IOException {
    int header = next();
    int kind = header & 3;
    int format = header >>> 2 & 3;
    at--;
    if (kind <= RUN) {
      count = (int) ((format & 1) == 0 ? number(1) >>> 3 : number(format == 1 ? 2 : 3) >>> 4);
      int there = kind == RUN ? 1 : count;
      if (count > literals.length || there > end - at) {
        throw damaged("has " + count + " literals");
      }
      if (kind == RAW) {
        System.arraycopy(in, at, literals, 0, count);
      } else {
        Arrays.fill(literals, 0, count, in[at]);
      }
      at += there;
      return;
    }
    int width = format <= 1 ? 10 : format == 2 ? 14 : 18;
    long sizes = number(format <= 1 ? 3 : format == 2 ? 4 : 5) >>> 4;
    count = (int) sizes & (1 << width) - 1;
    int packed = (int) (sizes >>> width) & (1 << width) - 1;
    if (count > literals.length || packed > end - at) {
      throw damaged("has " + count + " literals in " + packed + " bytes");
    }
    coded(kind, format != 0, at + packed);
  }

  private void coded(int kind, boolean four, int stop) throws IOException {
    if (kind != TREELESS) {
      ZstdCodes.Read read = ZstdCodes.read(in, at, stop);
      codes = read.table();
      at = read.end();
    } else if (codes == null) {
      throw damaged("has the codes of the block before it, and there is none");
    }
    if (four) {
      int[] streams = {(int) number(2), (int) number(2), (int) number(2)};
      int each = (count + 3) / 4;
      if (3 * each > count) {
        throw damaged("has " + count + " literals in four streams");
      }
      for (int i = 0; i < 3; i++) {
        stream(at + streams[i], stop, i * each, each);
      }
      stream(stop, stop, 3 * each, count - 3 * each);
    } else {
      stream(stop, stop, 0, count);
    }
  }

  private void stream(int to, int stop, int from, int length) throws IOException {
    if (to > stop) {
      throw damaged("has literals that end behind it");
    }
    bits.open(at, to);
    codes.unpack(bits, literals, from, length);
    at = to;
  }

  // ---- Sequences (3.1.1.3.2)

  private int sequences(byte[] out, int from, int reach) throws IOException {
    int sequences = next();
    if (sequences >= 128) {
      sequences = sequences == 255 ? (int) number(2) + 0x7F00 : (sequences - 128 << 8) + next();
    }
    if (sequences == 0) {
      if (at != end) {
        throw damaged("has " + (end - at) + " bytes behind its literals");
      }
      return behind(out, from, 0, from);
    }
    int modes = next();
    if ((modes & 3) != 0) {
      throw damaged("has reserved bits set");
    }
    lengths = table(modes >>> 6, LENGTHS, lengths, 9, 36);
    offsets = table(modes >>> 4 & 3, OFFSETS, offsets, 8, 32);
    matches = table(modes >>> 2 & 3, MATCHES, matches, 9, 53);
    bits.open(at, end);
    int length = bits.read(lengths.bits);
    int offset = bits.read(offsets.bits);
    int match = bits.read(matches.bits);
    int made = from;
    int taken = 0;
    for (int i = sequences; i > 0; i--) {
      int offsetCode = offsets.symbol[offset];
      int matchCode = matches.symbol[match];
      int lengthCode = lengths.symbol[length];
      long distance = (1L << offsetCode) + (bits.read(offsetCode) & 0xFFFF_FFFFL);
      int copied = MATCH_BASE[matchCode] + bits.read(MATCH_BITS[matchCode]);
      int literal = LENGTH_BASE[lengthCode] + bits.read(LENGTH_BITS[lengthCode]);
      if (i > 1) {
        length = lengths.base[length] + bits.read(lengths.more[length]);
        match = matches.base[match] + bits.read(matches.more[match]);
        offset = offsets.base[offset] + bits.read(offsets.more[offset]);
      }
      if (literal > count - taken || (long) made - from + literal + copied > Zstd.BLOCK) {
        throw damaged("has a sequence of " + literal + " literals and " + copied + " bytes, too long for it");
      }
      System.arraycopy(literals, taken, out, made, literal);
      taken += literal;
      made += literal;
      copy(out, made, distance(distance, literal), copied, reach + made - from);
      made += copied;
    }
    if (bits.left() != 0) {
      throw damaged("has " + bits.left() + " bits left");
    }
    return behind(out, from, taken, made);
  }

  /** The literals behind the last sequence. */
  private int behind(byte[] out, int from, int taken, int made) throws IOException {
    int rest = count - taken;
    if (made - from + rest > Zstd.BLOCK) {
      throw damaged("makes more than " + Zstd.BLOCK + " bytes");
    }
    System.arraycopy(literals, taken, out, made, rest);
    return made + rest;
  }

  private ZstdStates table(int mode, ZstdStates usual, ZstdStates before, int most, int symbols) throws IOException {
    switch (mode) {
      case 0 -> {
        return usual;
      }
      case 1 -> {
        int symbol = next();
        if (symbol >= symbols) {
          throw damaged("has a symbol that there isn't");
        }
        return ZstdStates.of(symbol);
      }
      case 2 -> {
        ZstdStates.Read read = ZstdStates.read(in, at, end, most, symbols);
        at = read.end();
        return read.table();
      }
      default -> {
        if (before == null) {
          throw damaged("has the table of the block before it, and there is none");
        }
        return before;
      }
    }
  }

  /** How far back a sequence's bytes are: as said, or as far as one of the last three were (3.1.1.5). */
  private int distance(long said, int literal) throws IOException {
    if (said > 3) {
      if (said - 3 > Integer.MAX_VALUE) {
        throw damaged("has an offset of " + (said - 3));
      }
      third = second;
      second = first;
      first = (int) (said - 3);
      return first;
    }
    int which = (int) said + (literal == 0 ? 1 : 0);
    int distance = switch (which) {
      case 1 -> first;
      case 2 -> second;
      case 3 -> third;
      default -> first - 1;
    };
    if (which > 1) {
      third = which == 2 ? third : second;
      second = first;
      first = distance;
    }
    return distance;
  }

  private void copy(byte[] out, int made, int distance, int length, int reach) throws IOException {
    if (distance <= 0 || distance > reach) {
      throw damaged("copies from " + distance + " bytes before, of " + reach);
    }
    int from = made - distance;
    for (int left = length, to = made; left > 0;) {
      // As much as there is already, which is more each time.
      int piece = Math.min(to - from, left);
      System.arraycopy(out, from, out, to, piece);
      to += piece;
      left -= piece;
    }
  }

  private IOException damaged(String why) {
    return new IOException("zstd: the block before byte " + end + " of the file " + why);
  }
}
