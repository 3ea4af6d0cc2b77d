// SPDX-License-Identifier: EPL-2.0
package org.xenolith.machine.journal;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;

/**
 * Long payloads of one journal, each written once: what comes again, as a file that a guest reads twice does, stands there as its first bytes and, behind a
 * number sign, the SHA-256 of the others. So who brings content has something of its own in no more bytes than these.
 */
final class JournalContents {
  /** Bytes that are written each time. */
  static final int HEAD = 32;
  /** Bytes behind these from which on it is worth it. */
  static final int LEAST = 512;
  /** Most that are known again. */
  private static final int MOST = 1 << 17;
  private static final char SIGN = '#';
  private static final byte[] WRITTEN = {};

  /** By their SHA-256: the payload; where a journal is written it isn't kept. */
  private final Map<String, byte[]> known = new HashMap<>();

  private static String digest(byte[] bytes) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update(bytes, HEAD, bytes.length - HEAD);
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  private static boolean isLong(byte[] bytes) {
    return bytes.length >= HEAD + LEAST;
  }

  /** An entry's line in a journal that is written. */
  String line(JournalEntry entry) {
    if (!(entry instanceof JournalEntry.Input input) || !isLong(input.bytes())) {
      return entry.line();
    }
    String digest = digest(input.bytes());
    if (known.containsKey(digest)) {
      return input.line(Base64.getEncoder().encodeToString(Arrays.copyOf(input.bytes(), HEAD)) + SIGN + digest);
    }
    if (known.size() < MOST) {
      known.put(digest, WRITTEN);
    }
    return entry.line();
  }

  /**
   * A payload of a journal that is read.
   *
   * @throws IllegalArgumentException if it is none, or its content doesn't stand above it
   */
  byte[] read(String field) {
    int sign = field.indexOf(SIGN);
    byte[] bytes = Base64.getDecoder().decode(sign < 0 ? field : field.substring(0, sign));
    if (sign >= 0) {
      byte[] whole = known.get(field.substring(sign + 1));
      if (whole == null || bytes.length != HEAD) {
        throw new IllegalArgumentException("its content stands nowhere above");
      }
      byte[] other = whole.clone();
      System.arraycopy(bytes, 0, other, 0, HEAD);
      return other;
    }
    if (isLong(bytes)) {
      known.putIfAbsent(digest(bytes), bytes);
    }
    return bytes;
  }
}
