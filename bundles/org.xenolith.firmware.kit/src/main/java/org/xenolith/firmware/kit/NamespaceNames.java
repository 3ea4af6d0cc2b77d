// SPDX-License-Identifier: EPL-2.0
package org.xenolith.firmware.kit;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.xenolith.platform.api.PlatformException;

/** Gives names of four characters in one scope: a prefix, and a number in hexadecimal digits. */
final class NamespaceNames {
  private static final int LENGTH = 4;

  /** A name and its number among those of its prefix. */
  record Name(String text, int number) {}

  private final Map<String, Integer> next = new HashMap<>();
  private final Set<String> given = new HashSet<>();

  Name next(String prefix) {
    if (prefix.isEmpty() || prefix.length() >= LENGTH || !prefix.chars().allMatch(c -> c >= 'A' && c <= 'Z')) {
      throw new PlatformException("'" + prefix + "' is no prefix of names in the namespace; a kind of device has one of one to three "
          + "capital letters");
    }
    int digits = LENGTH - prefix.length();
    int number = next.getOrDefault(prefix, 0);
    String text;
    do {
      if (number >>> 4 * digits != 0) {
        throw new PlatformException("more than " + (1 << 4 * digits) + " devices have names with '" + prefix + "'; their kind needs a "
            + "shorter prefix");
      }
      String hexadecimal = Integer.toHexString(number).toUpperCase(Locale.ROOT);
      text = prefix + "0".repeat(digits - hexadecimal.length()) + hexadecimal;
      number++;
    } while (!given.add(text));
    next.put(prefix, number);
    return new Name(text, number - 1);
  }
}
