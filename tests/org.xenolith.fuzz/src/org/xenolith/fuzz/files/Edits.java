// SPDX-License-Identifier: EPL-2.0
package org.xenolith.fuzz.files;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.xenolith.fuzz.InputBytes;

/**
 * Changes of a file that is well known: so an input of a few bytes gets behind the first checks of a long one. Each takes a byte that
 * says what kind it is, and a place of two bytes.
 */
final class Edits {
  private static final int[] WORDS = {0, 1, 2, 3, 4, 9, -1, Integer.MAX_VALUE, Integer.MIN_VALUE, 0x1000_0000, -4, 0x4000_0000, 0xFFFF,
      0x1_0000,
      0xFFF, 0x1000};
  private static final List<String> TEXTS = List.of("", "-", "0", "-1", "1", "9223372036854775807", "9223372036854775808",
      "0xffffffffffffffff",
      "0x", "0x8000000000000000", "%", "%zz", "[", "]", "[core ]", "[cpu 1]", "[device /]", "!alarm", "!alarm a 0 0", " ", "  ", "\0",
      "\u00e9", "../x",
      "long 0x1", "bytes AAAA", "text a", "longs AAAAAAAAAAA=", "ints AAAAAA==", "1 1 input serial", "1 1 remove a", "\t", "=",
      "0x7fffffff");

  private Edits() {}

  /** A changed copy of bytes; one edit. */
  static byte[] bytes(InputBytes in, byte[] base) {
    int kind = in.next();
    int at = (int) in.next(2) % (base.length + 1);
    int length = Math.min(1 + (kind >> 3), base.length - at);
    byte[] changed = base.clone();
    switch (kind & 7) {
      case 0 -> changed = Arrays.copyOf(base, at);
      case 1, 2 -> {
        byte[] taken = in.take(length);
        System.arraycopy(taken, 0, changed, at, taken.length);
      }
      case 3 -> changed = join(Arrays.copyOf(base, at), in.take(1 + (kind >> 3)), Arrays.copyOfRange(base, at, base.length));
      case 4 -> changed = join(Arrays.copyOf(base, at), Arrays.copyOfRange(base, at + length, base.length));
      case 5 -> {
        int from = (int) in.next(2) % (base.length + 1);
        System.arraycopy(base, from, changed, at, Math.min(4 * length, Math.min(base.length - from, base.length - at)));
      }
      case 6 -> {
        if ((at & ~3) + 4 <= base.length) {
          ByteBuffer.wrap(changed).putInt(at & ~3, WORDS[kind >> 3 & 15]);
        }
      }
      default -> {
        if (at < base.length) {
          changed[at] ^= (byte) (1 << (kind >> 3 & 7));
        }
      }
    }
    return changed;
  }

  /** A changed copy of a text's lines; one edit. A place is a line. */
  static List<String> lines(InputBytes in, List<String> base) {
    int kind = in.next();
    if (base.isEmpty()) {
      return List.of(text(in, kind));
    }
    List<String> lines = new ArrayList<>(base);
    int at = (int) in.next(2) % lines.size();
    String line = lines.get(at);
    List<String> words = new ArrayList<>(List.of(line.split(" ", -1)));
    int word = in.next() % words.size();
    switch (kind & 7) {
      case 0 -> words.set(word, text(in, kind));
      case 1 -> words.set(words.size() - 1, TEXTS.get((kind >> 3) % TEXTS.size()));
      case 2 -> words.set(word, TEXTS.get(in.next() % TEXTS.size()));
      case 3 -> words.add(word, text(in, kind));
      case 4 -> words.remove(word);
      case 5 -> words.set(words.size() - 1, new String(bytes(in, words.getLast().getBytes(StandardCharsets.ISO_8859_1)),
          StandardCharsets.ISO_8859_1));
      case 6 -> {
        lines.remove(at);
        return lines;
      }
      default -> lines.add((int) in.next(2) % lines.size(), line);
    }
    if ((kind & 7) != 7) {
      lines.set(at, String.join(" ", words));
    }
    return lines;
  }

  private static String text(InputBytes in, int kind) {
    return new String(in.take(1 + (kind >> 3)), StandardCharsets.ISO_8859_1);
  }

  private static byte[] join(byte[]... parts) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      all.writeBytes(part);
    }
    return all.toByteArray();
  }
}
