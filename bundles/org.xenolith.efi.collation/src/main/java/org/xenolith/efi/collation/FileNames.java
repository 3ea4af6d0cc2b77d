// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.collation;

import java.util.Arrays;

/** What the protocol's functions do with texts. */
final class FileNames {
  /** What FAT's short names may not have (Microsoft, FAT specification 1.03, 6.1), besides what comes before a space. */
  private static final String FORBIDDEN = "\"*+,/:;<=>?[\\]|";

  /** Characters of patterns that are compared with a text's: enough for a line of 8192 with stars everywhere. */
  private static final int MOST_COMPARED = 1 << 27;

  private FileNames() {}

  /**
   * A short name.
   *
   * @param bytes    the name, with nothing behind it
   * @param replaced whether it lacks a character, for which there is an underscore
   */
  record Fat(byte[] bytes, boolean replaced) {}

  static char upper(char each) {
    return each >= 'a' && each <= 'z' || each >= 0xE0 && each <= 0xFE && each != 0xF7 ? (char) (each - 0x20) : each;
  }

  static char lower(char each) {
    return each >= 'A' && each <= 'Z' || each >= 0xC0 && each <= 0xDE && each != 0xD7 ? (char) (each + 0x20) : each;
  }

  /** Less than 0, 0 or more than 0 as a text comes before another, is the same, or comes behind it. */
  static int compare(String one, String other) {
    for (int i = 0; i < Math.min(one.length(), other.length()); i++) {
      int difference = upper(one.charAt(i)) - upper(other.charAt(i));
      if (difference != 0) {
        return difference;
      }
    }
    return one.length() - other.length();
  }

  /**
   * Whether a text is one that a pattern means: {@code *} stands for any characters, {@code ?} for one, {@code [a-c]} for one of a set. It
   * goes back to the latest {@code *} only, so that it takes no more than the product of both lengths; what takes too long doesn't match.
   */
  static boolean matches(String text, String pattern) {
    int at = 0;
    int in = 0;
    int star = -1;
    int from = 0;
    int left = MOST_COMPARED;
    while (at < text.length()) {
      if (in < pattern.length() && pattern.charAt(in) == '*') {
        star = in++;
        from = at;
        continue;
      }
      int end = in < pattern.length() ? end(pattern, in) : in;
      left -= 1 + end - in;
      if (end < 0 || left < 0) {
        return false;
      }
      if (end > in && isOne(text.charAt(at), pattern, in, end)) {
        in = end;
        at++;
      } else if (star >= 0) {
        in = star + 1;
        at = ++from;
      } else {
        return false;
      }
    }
    while (in < pattern.length() && pattern.charAt(in) == '*') {
      in++;
    }
    return in == pattern.length();
  }

  /** Where the pattern goes on behind what stands for one character; -1: a set has no end, so that it stands for nothing. */
  private static int end(String pattern, int in) {
    if (pattern.charAt(in) != '[') {
      return in + 1;
    }
    int last = pattern.indexOf(']', in + 1);
    return last < 0 ? -1 : last + 1;
  }

  /** Whether a part of the pattern stands for this character. */
  private static boolean isOne(char each, String pattern, int in, int end) {
    if (pattern.charAt(in) == '?') {
      return true;
    }
    if (end == in + 1) {
      return upper(each) == upper(pattern.charAt(in));
    }
    boolean found = false;
    for (int i = in + 1; i < end - 1; i++) {
      char low = upper(pattern.charAt(i));
      char high = low;
      if (i + 2 < end - 1 && pattern.charAt(i + 1) == '-') {
        high = upper(pattern.charAt(i + 2));
        i += 2;
      }
      found |= upper(each) >= low && upper(each) <= high;
    }
    return found;
  }

  /** FAT's short name of a text: without points and spaces, in upper case. @param size bytes that there is room for */
  static Fat fat(String text, int size) {
    byte[] bytes = new byte[Math.min(size, text.length())];
    boolean replaced = false;
    int at = 0;
    for (int i = 0; i < text.length() && at < size; i++) {
      char each = upper(text.charAt(i));
      if (each == '.' || each == ' ') {
        continue;
      }
      boolean fits = each > ' ' && each < 0x100 && FORBIDDEN.indexOf(each) < 0;
      replaced |= !fits;
      bytes[at++] = (byte) (fits ? each : '_');
    }
    return new Fat(Arrays.copyOf(bytes, at), replaced);
  }
}
