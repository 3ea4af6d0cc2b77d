// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.collation;

/** What the protocol's functions do with texts. */
final class FileNames {
  /** What FAT's short names may not have (Microsoft, FAT specification 1.03, 6.1), besides what comes before a space. */
  private static final String FORBIDDEN = "\"*+,/:;<=>?[\\]|";

  private FileNames() {}

  /**
   * A short name.
   *
   * @param bytes    the name, with zeros behind it
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
   * Whether a text is one that a pattern means: {@code *} stands for any characters, {@code ?} for one, {@code [a-c]} for one of a set. It goes back to
   * the latest {@code *} only, so that it takes no more than the product of both lengths.
   */
  static boolean matches(String text, String pattern) {
    int at = 0;
    int in = 0;
    int star = -1;
    int from = 0;
    while (at < text.length()) {
      if (in < pattern.length() && pattern.charAt(in) == '*') {
        star = in++;
        from = at;
        continue;
      }
      int next = in < pattern.length() ? one(text.charAt(at), pattern, in) : -1;
      if (next >= 0) {
        in = next;
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

  /** Where the pattern goes on if it has this character next; -1 if it hasn't. */
  private static int one(char each, String pattern, int in) {
    if (pattern.charAt(in) == '?') {
      return in + 1;
    }
    if (pattern.charAt(in) != '[') {
      return upper(each) == upper(pattern.charAt(in)) ? in + 1 : -1;
    }
    int end = pattern.indexOf(']', in + 1);
    if (end < 0) {
      return -1;
    }
    boolean found = false;
    for (int i = in + 1; i < end; i++) {
      char low = upper(pattern.charAt(i));
      char high = low;
      if (i + 2 < end && pattern.charAt(i + 1) == '-') {
        high = upper(pattern.charAt(i + 2));
        i += 2;
      }
      found |= upper(each) >= low && upper(each) <= high;
    }
    return found ? end + 1 : -1;
  }

  /** FAT's short name of a text: without points and spaces, in upper case. @param size bytes that there is room for */
  static Fat fat(String text, int size) {
    byte[] bytes = new byte[size];
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
    return new Fat(bytes, replaced);
  }
}
