package org.xenolith.cli;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads an amount of memory: a number with K, M or G, or plain for MiB as other emulators take it. */
final class MemorySize implements ITypeConverter<Long> {
  @Override public Long convert(String text) {
    String digits = text.replaceFirst("(?i)i?b?$", "");
    char unit = digits.isEmpty() ? ' ' : Character.toUpperCase(digits.charAt(digits.length() - 1));
    int shift = switch (unit) {
      case 'K' -> 10;
      case 'G' -> 30;
      default -> 20;
    };
    String number = Character.isLetter(unit) ? digits.substring(0, digits.length() - 1) : digits;
    try {
      long value = Long.parseLong(number);
      if (value > 0 && value < 1L << 52 - shift) {
        return value << shift;
      }
    } catch (NumberFormatException e) {
      throw new TypeConversionException("'" + text + "' is no amount of memory: expected for example 512M or 2G");
    }
    throw new TypeConversionException("'" + text + "' is no possible amount of memory: expected for example 512M or 2G");
  }
}
