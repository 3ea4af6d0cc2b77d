// SPDX-License-Identifier: EPL-2.0
package org.xenolith.command.kit;

import java.util.Locale;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.xenolith.command.api.BadInput;

/** Numbers as a user writes them. */
public final class WrittenNumber {
  private static final Pattern AMOUNT = Pattern.compile("([0-9]{1,15})([kKmMgG]?)(?:[iI]?[bB])?");

  private WrittenNumber() {}

  /**
   * An amount of memory: a number with K, M or G, or a plain one in MiB, as other emulators take it.
   *
   * @return bytes
   * @throws BadInput if it is none
   */
  public static long memory(String text) {
    Matcher matcher = AMOUNT.matcher(text);
    if (matcher.matches()) {
      int shift = switch (matcher.group(2).toUpperCase(Locale.ROOT)) {
        case "K" -> 10;
        case "G" -> 30;
        default -> 20;
      };
      long value = Long.parseLong(matcher.group(1));
      if (value > 0 && value < 1L << 52 - shift) {
        return value << shift;
      }
    }
    throw new BadInput("'" + text + "' is no possible amount of memory: expected for example 512M or 2G");
  }

  /**
   * A number of a node, a board or a topology: decimal, or hexadecimal behind {@code 0x}; zeros in front mean nothing, as a person who
   * writes 010 means ten. (Numbers of xl.cfg are C's, and those of device tree sources, too: there 010 is eight.)
   *
   * @throws NumberFormatException if it is none, or has more than 63 bits
   */
  public static long number(String text) {
    String digits = text.startsWith("-") ? text.substring(1) : text;
    boolean hexadecimal = digits.startsWith("0x") || digits.startsWith("0X");
    digits = hexadecimal ? digits.substring(2) : digits;
    if (!digits.matches("[0-9a-fA-F]+")) {
      throw new NumberFormatException("'" + text + "' is no number");
    }
    return Long.parseLong((text.startsWith("-") ? "-" : "") + digits, hexadecimal ? 16 : 10);
  }

  /** A word of 64 bits: decimal, with a sign or without, or hexadecimal behind {@code 0x}; empty if it is none. */
  public static OptionalLong word(String text) {
    try {
      return OptionalLong.of(text.startsWith("0x") || text.startsWith("0X") ? Long.parseUnsignedLong(text.substring(2), 16)
          : text.startsWith("-") ? Long.parseLong(text) : Long.parseUnsignedLong(text));
    } catch (NumberFormatException e) {
      return OptionalLong.empty();
    }
  }

  /**
   * A physical address: hexadecimal digits, with or without {@code 0x}.
   *
   * @throws BadInput if it is none
   */
  public static long address(String text) {
    String digits = text.startsWith("0x") || text.startsWith("0X") ? text.substring(2) : text;
    if (!digits.matches("[0-9a-fA-F]{1,15}")) {
      throw new BadInput("'" + text + "' is no physical address: expected hexadecimal digits, for example 0x40080000");
    }
    return Long.parseLong(digits, 16);
  }
}
