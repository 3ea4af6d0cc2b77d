// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.xenstore;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** What a message carries: strings that each end with a zero byte. EINVAL when it doesn't. */
record Payload(byte[] bytes) {
  /** The first string of a message, whatever it is; all of it if it has no zero byte. */
  static String first(byte[] message) {
    int end = 0;
    while (end < message.length && message[end] != 0) {
      end++;
    }
    return new String(message, 0, end, StandardCharsets.ISO_8859_1);
  }

  /** All strings, none of them without its zero byte. */
  List<String> strings() {
    List<String> strings = new ArrayList<>();
    int start = 0;
    for (int i = 0; i < bytes.length; i++) {
      if (bytes[i] == 0) {
        strings.add(text(start, i));
        start = i + 1;
      }
    }
    return check(strings, start == bytes.length);
  }

  /** Exactly so many strings. */
  List<String> strings(int count) {
    List<String> strings = strings();
    return check(strings, strings.size() == count);
  }

  String string() {
    return strings(1).getFirst();
  }

  /** The first string; what follows it is {@link #afterString()}. */
  String firstString() {
    return text(0, end());
  }

  byte[] afterString() {
    return Arrays.copyOfRange(bytes, end() + 1, bytes.length);
  }

  private int end() {
    for (int i = 0; i < bytes.length; i++) {
      if (bytes[i] == 0) {
        return i;
      }
    }
    throw new StoreFault(StoreError.EINVAL);
  }

  private String text(int from, int to) {
    return new String(bytes, from, to - from, StandardCharsets.ISO_8859_1);
  }

  private static <T> T check(T value, boolean good) {
    if (!good) {
      throw new StoreFault(StoreError.EINVAL);
    }
    return value;
  }

  /** The bytes of strings, each with its zero byte. */
  static byte[] of(Iterable<String> strings) {
    StringBuilder text = new StringBuilder();
    strings.forEach(string -> text.append(string).append('\0'));
    return text.toString().getBytes(StandardCharsets.ISO_8859_1);
  }

  static byte[] of(String... strings) {
    return of(Arrays.asList(strings));
  }

  /** How many bytes {@link #of} makes. */
  static int size(List<String> strings) {
    int size = strings.size();
    for (String string : strings) {
      size += string.length();
    }
    return size;
  }
}
