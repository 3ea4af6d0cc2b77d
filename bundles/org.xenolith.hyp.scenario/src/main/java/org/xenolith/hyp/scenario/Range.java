// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.scenario;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A count that is expected: {@code 5}, {@code 1..}, {@code ..3} or {@code 1..3}.
 *
 * @param least lower end
 * @param most  upper end
 */
record Range(long least, long most) {
  private static final Pattern FORM = Pattern.compile("(\\d{1,18})|(\\d{0,18})\\.\\.(\\d{0,18})");

  /** @throws IllegalArgumentException if it is none */
  static Range parse(String text) {
    Matcher matcher = FORM.matcher(text);
    if (!matcher.matches()) {
      throw new IllegalArgumentException("'" + text + "': expected a count such as 5, 1.., ..3 or 1..3");
    }
    if (matcher.group(1) != null) {
      long exact = Long.parseLong(matcher.group(1));
      return new Range(exact, exact);
    }
    return new Range(matcher.group(2).isEmpty() ? 0 : Long.parseLong(matcher.group(2)),
        matcher.group(3).isEmpty() ? Long.MAX_VALUE : Long.parseLong(matcher.group(3)));
  }

  /** What is wrong with a count. */
  static Optional<String> complaint(String expected, long count, String what) {
    if (expected == null) {
      return Optional.empty();
    }
    Range range = parse(expected);
    return count >= range.least && count <= range.most ? Optional.empty()
        : Optional.of(what + ": " + count + ", expected " + expected);
  }
}
