// SPDX-License-Identifier: EPL-2.0
package org.xenolith.scenario;

import java.util.List;
import java.util.stream.Collectors;
import org.xenolith.scenario.file.Script;

/** What a person is told of a step that did not pass: what, where and when. */
final class FailureReport {
  private static final int LINES = 20;

  private FailureReport() {}

  /**
   * Writes it.
   *
   * @param line     where the step is
   * @param step     which step it is and what it does
   * @param expected what was expected
   * @param instead  what happened instead
   */
  static String of(Script script, int line, String step, String expected, String instead, Session session) {
    StringBuilder text = new StringBuilder();
    text.append(script.file()).append(':').append(line).append(": ").append(step).append(" failed\n");
    text.append("  expected: ").append(expected).append('\n');
    text.append("  instead:  ").append(instead).append('\n');
    if (!session.begun()) {
      return text.toString();
    }
    text.append("  at %.9f s of virtual time, after %d instructions%n".formatted(session.machine().now() / 1e9,
        session.machine().instructions()));
    for (String name : script.consoles()) {
      Transcript console = session.console(name);
      if (console != null) {
        List<String> last = console.last(LINES);
        text.append("  ").append(session.nameOf(name)).append(last.isEmpty() ? " has shown nothing\n" : ", last lines:\n");
        text.append(last.stream().map(shown -> "    | " + printable(shown) + "\n").collect(Collectors.joining()));
      }
    }
    if (!session.events().isEmpty()) {
      text.append("  last events of the machine:\n");
      session.events().forEach(event -> text.append("    | ").append(printable(event)).append('\n'));
    }
    return text.toString();
  }

  /** What a guest sends must not reach a terminal or an XML file as it is. */
  private static String printable(String text) {
    return text.replaceAll("\\p{Cntrl}", "·");
  }
}
