package org.xenolith.cli;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads a physical address: hexadecimal digits, with or without {@code 0x}. */
final class PhysicalAddress implements ITypeConverter<Long> {
  @Override public Long convert(String text) {
    String digits = text.startsWith("0x") || text.startsWith("0X") ? text.substring(2) : text;
    if (!digits.matches("[0-9a-fA-F]{1,15}")) {
      throw new TypeConversionException("'" + text + "' is no physical address: expected hexadecimal digits, for example 40080000");
    }
    return Long.parseLong(digits, 16);
  }
}
