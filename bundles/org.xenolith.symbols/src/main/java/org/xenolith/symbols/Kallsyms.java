// SPDX-License-Identifier: EPL-2.0
package org.xenolith.symbols;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.xenolith.inspect.symbols.Symbol;
import org.xenolith.inspect.symbols.SymbolKind;

/**
 * The table of symbols that a Linux kernel has of itself, found in its image. All of it is the guest's: nothing is believed
 * before it was checked, and the work is bounded.
 *
 * <p>The parts, each at a multiple of 8 bytes, numbers little-endian: the number of symbols (32 bits); names, each a length (one
 * byte, or from version 6.1 on two: the low seven bits, and the others) and as many numbers of tokens, the first character of the
 * name being its type; markers, the offsets of every 256th name; 256 tokens, each ending in a zero byte; their 16-bit offsets.
 * Addresses are 32-bit offsets from a base, ascending: before the number of symbols up to version 6.3, behind the tokens' offsets
 * from 6.4 on. The base is relocated with the kernel, so that addresses are those where it runs. Facts from images of both architectures.
 */
final class Kallsyms {
  /** The tokens of digits stand for themselves in every kernel. */
  private static final byte[] DIGITS = "0\0001\0002\0003\0004\0005\0006\0007\0008\0009\0".getBytes(StandardCharsets.US_ASCII);
  private static final int TOKENS = 256;
  private static final int MOST_SYMBOLS = 1 << 21;
  private static final int LEAST_SYMBOLS = TOKENS;
  private static final int LONGEST_NAME = 1024;
  private static final int MARKED = 256;
  /** Names and markers before the tokens are no more than this. */
  private static final int REACH = 24 << 20;
  /** Steps after which a search is given up: an honest image takes a few millions. */
  private static final long MOST_STEPS = 200_000_000;

  /**
   * A table that was found.
   *
   * @param symbols what it has
   * @param start   offset in the image of bytes by which it can be told from another one
   * @param length  how many these are
   */
  record Found(SortedSymbols symbols, int start, int length) {}

  private final ByteBuffer image;
  private long steps;
  private int tokens;
  private int tokenIndex;

  private Kallsyms(byte[] image) {
    this.image = ByteBuffer.wrap(image).order(ByteOrder.LITTLE_ENDIAN);
  }

  /**
   * Finds the symbols.
   *
   * @param image the kernel as it runs, from the start of a page on
   * @return empty if there is no table of a known form
   */
  static Optional<Found> find(byte[] image) {
    return new Kallsyms(image).search();
  }

  private Optional<Found> search() {
    byte[] bytes = image.array();
    for (int at = 0; at < bytes.length - DIGITS.length && steps < MOST_STEPS; at++) {
      if (bytes[at] == '0' && matches(bytes, at) && tokensAround(at)) {
        SortedSymbols symbols = before();
        if (symbols != null) {
          return Optional.of(new Found(symbols, tokenIndex, 2 * TOKENS));
        }
      }
    }
    return Optional.empty();
  }

  private static boolean matches(byte[] bytes, int at) {
    for (int i = 1; i < DIGITS.length; i++) {
      if (bytes[at + i] != DIGITS[i]) {
        return false;
      }
    }
    return true;
  }

  /** Whether the token of the digit 0 is at an offset: finds the end of the tokens, their index, and from it their start. */
  private boolean tokensAround(int zero) {
    int at = zero;
    int[] offsets = new int[TOKENS];
    for (int token = '0'; token < TOKENS; token++) {
      offsets[token] = at - zero;
      do {
        steps++;
        if (at >= image.limit() || at - zero > 1 << 16) {
          return false;
        }
      } while (image.get(at++) != 0);
    }
    tokenIndex = align(at);
    if (tokenIndex + 2 * TOKENS > image.limit()) {
      return false;
    }
    int before = image.getShort(tokenIndex + 2 * '0') & 0xFFFF;
    tokens = zero - before;
    if (tokens < 0 || (image.getShort(tokenIndex) & 0xFFFF) != 0) {
      return false;
    }
    for (int token = '0'; token < TOKENS; token++) {
      if ((image.getShort(tokenIndex + 2 * token) & 0xFFFF) != before + offsets[token]) {
        return false;
      }
    }
    for (int token = 1; token <= '0'; token++) {
      int start = image.getShort(tokenIndex + 2 * token) & 0xFFFF;
      if (start <= (image.getShort(tokenIndex + 2 * token - 2) & 0xFFFF) || start > before || image.get(tokens + start - 1) != 0) {
        return false;
      }
    }
    return true;
  }

  private static int align(int at) {
    return at + 7 & -8;
  }

  /** The symbols whose names are before the tokens, or null. */
  private SortedSymbols before() {
    for (int at = (tokens & -8) - 8; at >= 0 && at > tokens - REACH && steps < MOST_STEPS; at -= 8) {
      steps++;
      int count = image.getInt(at);
      if (count >= LEAST_SYMBOLS && count <= MOST_SYMBOLS && image.getInt(at + 4) == 0) {
        int[] names = names(at + 8, count);
        if (names != null) {
          return symbols(at, names);
        }
      }
    }
    return null;
  }

  /** Offsets of names that begin at an offset; null if the markers behind them don't say the same. */
  private int[] names(int start, int count) {
    int[] names = new int[count];
    int at = start;
    for (int i = 0; i < count; i++) {
      steps++;
      names[i] = at;
      int length = at + 2 > tokens ? 0 : length(at);
      if (length == 0) {
        return null;
      }
      at += length + (image.get(at) < 0 ? 2 : 1);
    }
    int markers = align(at);
    if (markers + 4L * (count / MARKED) > tokens) {
      return null;
    }
    for (int i = 0; i < count; i += MARKED) {
      if (image.getInt(markers + i / MARKED * 4) != names[i] - start) {
        return null;
      }
    }
    return names;
  }

  /** Tokens of the name at an offset. */
  private int length(int at) {
    int first = image.get(at);
    return first >= 0 ? first : first & 0x7F | (image.get(at + 1) & 0xFF) << 7;
  }

  private SortedSymbols symbols(int number, int[] names) {
    int size = align(4 * names.length);
    long[] addresses = addresses(number - 8 - size, names.length);
    if (addresses == null) {
      addresses = addresses(align(tokenIndex + 2 * TOKENS), names.length);
    }
    if (addresses == null) {
      return null;
    }
    List<Symbol> symbols = new ArrayList<>(names.length);
    boolean code = false;
    for (int i = 0; i < names.length; i++) {
      String name = name(names[i]);
      if (name.length() > 1 && !SymbolLetter.isMark(name.substring(1))) {
        // What is below the kernel's half is no address.
        char letter = addresses[i] < 0 ? name.charAt(0) : 'A';
        symbols.add(SymbolLetter.symbol(addresses[i], end(addresses, i) - addresses[i], letter, name.substring(1)));
        code |= symbols.getLast().kind() == SymbolKind.CODE;
      }
    }
    return code ? new SortedSymbols(symbols) : null;
  }

  /** Where what begins at an address ends: at the next higher one. */
  private static long end(long[] addresses, int i) {
    for (int next = i + 1; next < addresses.length && next < i + 1000; next++) {
      if (addresses[next] != addresses[i]) {
        // What each processor has of its own isn't before the kernel, but in another place.
        return addresses[next] - addresses[i] >>> 32 == 0 ? addresses[next] : addresses[i] + 4096;
      }
    }
    return addresses[i] + 4096;
  }

  /** Addresses from a table of offsets with a base behind it; null if there is none. */
  private long[] addresses(int at, int count) {
    int base = at + align(4 * count);
    if (at < 0 || base + 8 > image.limit()) {
      return null;
    }
    long from = image.getLong(base);
    if (from >= 0 || (from & 0xFFF) != 0) {
      return null;
    }
    long[] addresses = new long[count];
    boolean known = ascending(at, from, addresses) || withProcessorsOwn(at, from, addresses);
    return known ? addresses : null;
  }

  /** All offsets are from the base on. */
  private boolean ascending(int at, long from, long[] addresses) {
    long last = 0;
    for (int i = 0; i < addresses.length; i++) {
      long offset = image.getInt(at + 4 * i) & 0xFFFF_FFFFL;
      if (offset < last) {
        return false;
      }
      last = offset;
      addresses[i] = from + offset;
    }
    return true;
  }

  /**
   * Those of data that each processor has of its own are addresses; all others are negative, the first -1 for the base. So kernels for x86-64 have them, before 6.15.
   */
  private boolean withProcessorsOwn(int at, long from, long[] addresses) {
    int next = 0;
    long last = 0;
    for (int offset; next < addresses.length && (offset = image.getInt(at + 4 * next)) >= 0; next++) {
      if (offset < last) {
        return false;
      }
      last = offset;
      addresses[next] = offset;
    }
    int own = next;
    last = from;
    for (; next < addresses.length; next++) {
      int offset = image.getInt(at + 4 * next);
      addresses[next] = from - 1 - offset;
      if (offset >= 0 || addresses[next] < last) {
        return false;
      }
      last = addresses[next];
    }
    return own < addresses.length;
  }

  /** The name at an offset, with its type before it. */
  private String name(int at) {
    int length = length(at);
    int from = at + (image.get(at) < 0 ? 2 : 1);
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < length && text.length() < LONGEST_NAME; i++) {
      int token = tokens + (image.getShort(tokenIndex + 2 * (image.get(from + i) & 0xFF)) & 0xFFFF);
      for (byte letter; token < image.limit() && (letter = image.get(token)) != 0 && text.length() < LONGEST_NAME; token++) {
        text.append(letter > ' ' && letter < 0x7F ? (char) letter : '?');
      }
    }
    return text.toString();
  }
}
