// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cli;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.function.Function;
import picocli.CommandLine;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** How numbers and names of files are read from a command line, and what is said of those that are none: what was expected, and no name of a class. */
final class WrittenValues {
  /** What stands for bytes that are no characters here. */
  static final char UNREADABLE = '\uFFFD';

  private WrittenValues() {}

  /** For a command and all below it. */
  static void registerWith(CommandLine line) {
    ITypeConverter<Integer> integer = number(Integer::valueOf, "a whole number, for example 4");
    ITypeConverter<Long> wide = number(Long::valueOf, "a whole number, for example 100000");
    ITypeConverter<Double> fraction = number(Double::valueOf, "a number, for example 2.5");
    line.registerConverter(Integer.class, integer).registerConverter(int.class, integer).registerConverter(Long.class, wide)
        .registerConverter(
            long.class, wide).registerConverter(Double.class, fraction).registerConverter(double.class, fraction).registerConverter(
                Path.class,
                WrittenValues::path);
  }

  /** Of an option that says where a run ends; with it in each parser, as journals' command lines have one of their own. */
  static ITypeConverter<WrittenLimit> limit() {
    return number(WrittenLimit::of, "virtual seconds, for example 2.5, or a moment, for example 935938248@955767450ns");
  }

  private static <T> ITypeConverter<T> number(Function<String, T> of, String expected) {
    return text -> {
      try {
        return of.apply(text.strip());
      } catch (NumberFormatException e) {
        throw new TypeConversionException("'" + text + "': expected " + expected);
      }
    };
  }

  private static Path path(String text) {
    try {
      if (text.indexOf(UNREADABLE) < 0) {
        return Path.of(text);
      }
    } catch (InvalidPathException e) {
      // said below
    }
    throw new TypeConversionException(refused(text));
  }

  /** What is wrong with a name that no file can have here. */
  static String refused(String text) {
    return "'" + text
        + "': file names are read as UTF-8, and this one has other bytes, or the locale has no such letters; rename the file, or"
        + " set LC_ALL=C.UTF-8";
  }
}
