// SPDX-License-Identifier: EPL-2.0
package org.xenolith.history;

import java.math.BigDecimal;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.xenolith.command.api.BadInput;
import org.xenolith.history.api.Goal;
import org.xenolith.history.api.Moment;

/** Goals as people write them. */
final class GoalText {
  private static final Pattern COUNT = Pattern.compile("[0-9]{1,19}|[0-9]{1,3}(,[0-9]{3}){1,6}");
  private static final Pattern TIME = Pattern.compile("([0-9]{1,19}(?:\\.[0-9]{1,9})?)(ns|us|ms|s)");

  private GoalText() {}

  /** @throws BadInput if it is none; the message says what one is */
  static Goal of(String text) {
    int at = text.indexOf('@');
    if (at >= 0) {
      return new Goal.Exactly(new Moment(count(text, text.substring(0, at)), nanoseconds(text, text.substring(at + 1))));
    }
    return text.endsWith("s") ? new Goal.Time(nanoseconds(text, text)) : new Goal.Instruction(count(text, text));
  }

  private static long count(String whole, String text) {
    if (COUNT.matcher(text).matches()) {
      try {
        return Long.parseLong(text.replace(",", ""));
      } catch (NumberFormatException e) {
        // Beyond what any machine can have executed.
      }
    }
    throw none(whole);
  }

  private static long nanoseconds(String whole, String text) {
    Matcher time = TIME.matcher(text);
    if (time.matches()) {
      int digits = switch (time.group(2)) {
        case "s" -> 9;
        case "ms" -> 6;
        case "us" -> 3;
        default -> 0;
      };
      try {
        return new BigDecimal(time.group(1)).movePointRight(digits).longValueExact();
      } catch (ArithmeticException e) {
        // A part of a nanosecond, or more of them than there can be.
      }
    }
    throw none(whole);
  }

  private static BadInput none(String text) {
    String shown = text.length() > 60 ? text.substring(0, 60) + "…" : text;
    return new BadInput("'" + shown + "' is no moment; expected instructions (938033991), a time (2.5s, 30ms, 17us, 400ns)"
        + " or both as they are shown (938033991@2086862848ns)");
  }
}
