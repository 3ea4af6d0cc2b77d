// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.product;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.regex.Pattern;

/**
 * A program's end.
 *
 * @param command what was started
 * @param exit    exit code
 * @param out     standard output
 * @param err     standard error
 */
public record Outcome(List<String> command, int exit, String out, String err) {
  private static final int TAIL = 3000;
  private static final Pattern STACK_TRACE =
      Pattern.compile("(?m)^\\s*at [\\w.$/@]+\\(|^(Exception in thread|Caused by:)|\\b[\\w.]+\\.\\w+(Exception|Error)\\b");

  /** Fails unless the exit code is the one expected. */
  public Outcome expect(int code) {
    assertEquals(code, exit, () -> "exit code of " + this);
    return withoutStackTrace();
  }

  /** Fails when a stack trace or the name of an exception was shown. */
  public Outcome withoutStackTrace() {
    assertFalse(STACK_TRACE.matcher(err).find(), () -> "a stack trace in the standard error of " + this);
    assertFalse(STACK_TRACE.matcher(out).find(), () -> "a stack trace in the standard output of " + this);
    return this;
  }

  /** Fails unless standard output has a match. */
  public Outcome outHas(String regex) {
    assertTrue(Pattern.compile(regex).matcher(out).find(), () -> "'" + regex + "' is not in the standard output of " + this);
    return this;
  }

  /** Fails unless standard error has a match. */
  public Outcome errHas(String regex) {
    assertTrue(Pattern.compile(regex).matcher(err).find(), () -> "'" + regex + "' is not in the standard error of " + this);
    return this;
  }

  @Override
  public String toString() {
    return String.join(" ", command) + "\nexit code " + exit + "\n--- standard output:\n" + tail(out)
        + "\n--- standard error:\n" + tail(err);
  }

  private static String tail(String text) {
    return text.length() <= TAIL ? text : "… " + text.substring(text.length() - TAIL);
  }
}
