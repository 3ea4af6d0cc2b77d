// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class QuietErrorsTest {
  private final ByteArrayOutputStream terminal = new ByteArrayOutputStream();
  private final QuietErrors quiet = new QuietErrors(new PrintStream(terminal, true, StandardCharsets.UTF_8));
  private final ShownText err = new ShownText(quiet);

  private String shown() {
    return terminal.toString(StandardCharsets.UTF_8);
  }

  @Test
  void nothingIsShownUnlessItFails() {
    err.println("fetching é");
    assertEquals("", shown());
    quiet.show();
    assertEquals("fetching é\n", shown());
    err.println("refused");
    assertEquals("fetching é\nrefused\n", shown(), "and then what comes");
  }

  @Test
  void whoIsAskedSeesWhatWasToldBefore() {
    err.println("the disk is full");
    err.urgent();
    assertEquals("the disk is full\n", shown());
  }

  @Test
  void ofTooMuchTheEndIsKept() {
    for (int i = 0; i < 100_000; i++) {
      err.println("line " + i + " of many");
    }
    quiet.show();
    assertTrue(shown().length() <= QuietErrors.MOST + 100);
    assertTrue(shown().startsWith("xenolith: (what was told before that is left out)\nline "), shown().substring(0, 80));
    assertTrue(shown().endsWith("line 99999 of many\n"));
  }

  @Test
  void itIsAskedForBeforeWhatIsNoOption() {
    assertTrue(QuietErrors.asked("boot", "virt", "--quiet"));
    assertTrue(QuietErrors.asked("--quiet", "boot"));
    assertFalse(QuietErrors.asked("boot", "--append", "quiet"));
    assertFalse(QuietErrors.asked("run", "--", "--quiet"));
  }
}
