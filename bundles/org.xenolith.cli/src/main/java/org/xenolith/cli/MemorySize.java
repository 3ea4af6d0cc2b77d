package org.xenolith.cli;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads an amount of memory: a number with K, M or G, or a plain one in MiB, as other emulators take it. */
final class MemorySize implements ITypeConverter<Long> {
  private static final Pattern AMOUNT = Pattern.compile("([0-9]{1,15})([kKmMgG]?)(?:[iI]?[bB])?");

  @Override public Long convert(String text) {
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
    throw new TypeConversionException("'" + text + "' is no possible amount of memory: expected for example 512M or 2G");
  }
}
