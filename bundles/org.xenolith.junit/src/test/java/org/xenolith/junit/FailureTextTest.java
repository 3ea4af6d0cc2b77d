// SPDX-License-Identifier: EPL-2.0
package org.xenolith.junit;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FailureTextTest {
  @Test
  void itHasTheEndOfTheConsoleWithoutWhatMovesACursor() {
    ConsoleLog log = new ConsoleLog();
    for (int i = 0; i < 30; i++) {
      ("line " + i + "\n").chars().forEach(log::accept);
    }
    "\u001b[1m# ".chars().forEach(log::accept);
    String text = FailureText.of("a line", "it didn't come", 1_500_000_000L, 7, Map.of("/uart", log), List.of("reset /: by the guest"));
    List<String> lines = text.lines().toList();
    assertEquals(List.of("expected: a line", "  instead:  it didn't come", "  at 1.500000000 s of guest time, after 7 instructions",
        "  /uart, last lines:", "    | line 11"), lines.subList(0, 5));
    assertEquals(List.of("    | ·[1m#", "  the machine's events, last lines:", "    | reset /: by the guest"), lines.subList(lines.size()
        - 3, lines.size()));
  }

  @Test
  void aConsoleThatHasShownNothingSaysSo() {
    assertEquals("  /uart has shown nothing", FailureText.of("a", "b", 0, 0, Map.of("/uart", new ConsoleLog()), List.of()).lines().toList()
        .getLast());
  }
}
