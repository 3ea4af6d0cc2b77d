// SPDX-License-Identifier: EPL-2.0
package org.xenolith.scenario.faults;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Values of a step's keys, read; what one can't be read as is refused with what was expected. */
record FaultArguments(Map<String, String> values) {
  private static final Pattern DURATION = Pattern.compile("(\\d{1,12}) ?(ns|us|ms|s)");

  Optional<String> text(String key) {
    return Optional.ofNullable(values.get(key));
  }

  String need(String key) {
    return text(key).orElseThrow(() -> new IllegalArgumentException("the key '" + key + "' is missing"));
  }

  /** A whole number from {@code least} on. @param usual if none is said */
  long number(String key, long least, long usual) {
    String text = text(key).orElse("");
    if (text.isEmpty()) {
      return usual;
    }
    try {
      long number = Long.decode(text);
      if (number >= least) {
        return number;
      }
    } catch (NumberFormatException e) {
      // what is thrown below says what was expected
    }
    throw new IllegalArgumentException(key + ": '" + text + "': expected a whole number of at least " + least);
  }

  /** Nanoseconds. */
  long duration(String key) {
    Matcher matcher = DURATION.matcher(need(key));
    if (!matcher.matches()) {
      throw new IllegalArgumentException(key + ": '" + need(key) + "': expected a duration such as 250us or 5ms");
    }
    return Long.parseLong(matcher.group(1)) * switch (matcher.group(2)) {
      case "ns" -> 1;
      case "us" -> 1_000;
      case "ms" -> 1_000_000;
      default -> 1_000_000_000L;
    };
  }

  /** One of an enum's, in lower case. */
  <E extends Enum<E>> E one(String key, Class<E> type) {
    List<E> all = Arrays.asList(type.getEnumConstants());
    return all.stream().filter(each -> name(each).equals(need(key))).findFirst().orElseThrow(() -> new IllegalArgumentException(key + ": '"
        + need(key) + "': expected " + String.join(", ", all.stream().map(FaultArguments::name).toList())));
  }

  private static String name(Enum<?> each) {
    return each.name().toLowerCase(Locale.ROOT);
  }
}
