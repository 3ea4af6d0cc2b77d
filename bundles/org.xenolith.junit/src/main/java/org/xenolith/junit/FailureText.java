// SPDX-License-Identifier: EPL-2.0
package org.xenolith.junit;

import java.util.List;
import java.util.Map;

/** What a person is told of an expectation that a machine hasn't met: what, instead of what, when, and what its consoles showed last. */
final class FailureText {
  private static final int LINES = 20;
  private static final double SECOND = 1e9;

  private FailureText() {}

  /**
   * Writes it.
   *
   * @param nanoseconds of guest time
   * @param consoles    by name
   * @param events      the machine's last ones
   */
  static String of(String expected, String instead, long nanoseconds, long instructions, Map<String, ConsoleLog> consoles, List<
      String> events) {
    StringBuilder text = new StringBuilder("expected: ").append(expected).append("\n  instead:  ").append(instead).append('\n');
    text.append("  at %.9f s of guest time, after %d instructions%n".formatted(nanoseconds / SECOND, instructions));
    consoles.forEach((name, console) -> lines(text, name, console.last(LINES), " has shown nothing"));
    if (!events.isEmpty()) {
      lines(text, "the machine's events", events, "");
    }
    return text.toString().stripTrailing();
  }

  private static void lines(StringBuilder text, String name, List<String> last, String nothing) {
    text.append("  ").append(name).append(last.isEmpty() ? nothing + "\n" : ", last lines:\n");
    last.forEach(line -> text.append("    | ").append(printable(line)).append('\n'));
  }

  /** What a guest sends must not reach a terminal or an XML file as it is. */
  private static String printable(String line) {
    return line.replaceAll("\\p{Cntrl}", "·");
  }

  /** Guest time for people. */
  static String seconds(long nanoseconds) {
    return "%.6f".formatted(nanoseconds / SECOND).replaceFirst("\\.?0+$", "") + " s";
  }
}
