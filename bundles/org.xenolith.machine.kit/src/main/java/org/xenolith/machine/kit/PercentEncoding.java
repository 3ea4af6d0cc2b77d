// SPDX-License-Identifier: EPL-2.0
package org.xenolith.machine.kit;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;

/** Words of snapshots and journals in which what would end a word is a % and two hexadecimal digits for each byte of its UTF-8. */
public final class PercentEncoding {
  private static final int SHOWN = 60;

  private PercentEncoding() {}

  /**
   * What was encoded.
   *
   * @throws IllegalArgumentException if a % has no two digits behind it; the message shows the word's beginning
   */
  public static String decode(String word) {
    try {
      return URLDecoder.decode(word, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException('"' + (word.length() > SHOWN ? word.substring(0, SHOWN) + "…" : word)
          + "\" has a % without two hexadecimal digits behind it");
    }
  }
}
