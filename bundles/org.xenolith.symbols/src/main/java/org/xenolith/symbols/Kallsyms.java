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
 * The table of symbols that a Linux kernel has of itself, and Xen likewise, found in its image. All of it is the guest's: nothing is believed
 * before it was checked, and the work is bounded.
 *
 * <p>The parts, each at a multiple of 8 bytes, numbers little-endian: the number of symbols (32 bits); names, each a length (one
 * byte, or from version 6.1 on two: the low seven bits, and the others) and as many numbers of tokens, the first character of the
 * name being its type; markers, the offsets of every 256th name; 256 tokens, each ending in a zero byte; their 16-bit offsets.
 * Addresses are 32-bit offsets from a base, ascending: before the number of symbols up to version 6.3, behind the tokens' offsets
 * from 6.4 on. The base is relocated with the kernel, so that addresses are those where it runs; where it has none before that, {@link LinkedBase} has it. Xen on Arm has addresses of 64 bits before the number.
 * Facts from images of both architectures.
 */
final class Kallsyms {
  /** The tokens of these digits stand for themselves in every kernel; Xen has no name with a 9 in it. */
  private static final byte[] DIGITS = "0\0001\0002\0003\0004\0005\0006\0007\0008\0".getBytes(StandardCharsets.US_ASCII);
  /** Where the parts begin: Linux' at multiples of the first, Xen's on Arm at those of the second. */
  private static final int[] ALIGNMENTS = {8, 256};
  private static final int TOKENS = 256;
  private static final int MOST_SYMBOLS = 1 << 21;
  private static final int LEAST_SYMBOLS = TOKENS;
  private static final int LONGEST_NAME = 1024;
  private static final int MARKED = 256;
  /** Names and markers before the tokens are no more than this. */
  private static final int REACH = 24 << 20;
  /** Bytes that Xen's image, with what it has of data, doesn't reach. */
  private static final long NEAR = 64 << 20;
  /** Steps after which a search is given up: an honest image takes a few millions. */
  private static final long MOST_STEPS = 200_000_000;

  /**
   * A table that was found.
   *
   * @param symbols what it has
   * @param start   offset in the image of bytes by which it can be told from another one
   * @param length  how many these are
   * @param linked  offset in the image of what the base stands for, the first symbol; -1 if the table doesn't lead to it
   */
  record Found(SortedSymbols symbols, int start, int length, int linked) {}

  private final ByteBuffer image;
  private long steps;
  private int tokens;
  private int tokenIndex;
  private int alignment;
  private int linked = -1;

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
      if (bytes[at] == '0' && matches(bytes, at)) {
        for (int each : ALIGNMENTS) {
          alignment = each;
          SortedSymbols symbols = tokensAround(at) ? before() : null;
          if (symbols != null) {
            return Optional.of(new Found(symbols, tokenIndex, 2 * TOKENS, linked));
          }
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

  private int align(int at) {
    return at + alignment - 1 & -alignment;
  }

  /** The symbols whose names are before the tokens, or null. */
  private SortedSymbols before() {
    for (int at = (tokens & -8) - 8; at >= 0 && at > tokens - REACH && steps < MOST_STEPS; at -= 8) {
      steps++;
      int count = image.getInt(at);
      if (count >= LEAST_SYMBOLS && count <= MOST_SYMBOLS && image.getInt(at + 4) == 0) {
        int[] names = names(align(at + 4), count);
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
    if (alignment != ALIGNMENTS[0]) {
      long[] addresses = wide(number - 8 * names.length & -alignment, names.length);
      return addresses == null ? null : symbols(names, addresses, true);
    }
    int size = align(4 * names.length);
    long[] addresses = addresses(number - 8 - size, names.length);
    if (addresses == null) {
      addresses = addresses(align(tokenIndex + 2 * TOKENS), names.length);
    }
    return addresses == null ? null : symbols(names, addresses, false);
  }

  /** @param low whether addresses below the upper half are some, too */
  private SortedSymbols symbols(int[] names, long[] addresses, boolean low) {
    List<Symbol> symbols = new ArrayList<>(names.length);
    boolean code = false;
    for (int i = 0; i < names.length; i++) {
      String name = name(names[i]);
      if (name.length() > 1 && !SymbolLetter.isMark(name.substring(1))) {
        // What is below the kernel's half is no address.
        char letter = addresses[i] < 0 || low ? name.charAt(0) : 'A';
        // Xen has the file of what is local before it.
        String plain = name.substring(low ? Math.max(1, name.lastIndexOf('#') + 1) : 1);
        symbols.add(SymbolLetter.symbol(addresses[i], end(addresses, i) - addresses[i], letter, plain));
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
    if (from == 0) {
      Optional<LinkedBase> found = LinkedBase.of(image, base);
      from = found.map(LinkedBase::address).orElse(0L);
      linked = found.map(LinkedBase::place).orElse(-1);
    }
    if (from >= 0 || (from & 0xFFF) != 0) {
      return null;
    }
    long[] addresses = new long[count];
    boolean known = ascending(at, from, addresses) || withProcessorsOwn(at, from, addresses);
    return known ? addresses : null;
  }

  /** Addresses of 64 bits that are near one another; null if there are none. */
  private long[] wide(int at, int count) {
    if (at < 0) {
      return null;
    }
    long[] addresses = new long[count];
    for (int i = 0; i < count; i++) {
      addresses[i] = image.getLong(at + 8 * i);
      if (addresses[i] <= 0 || addresses[i] < addresses[Math.max(0, i - 1)] || addresses[i] - addresses[0] >= NEAR) {
        return null;
      }
    }
    return addresses;
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
