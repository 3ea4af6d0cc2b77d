// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class MonitorPromptTest {
  private static final char ESCAPE = 0x1D;
  private final StringBuilder screen = new StringBuilder();
  private final List<String> lines = new ArrayList<>();
  private int sent;
  private final MonitorPrompt prompt = new MonitorPrompt(screen::append, line -> {
    lines.add(line);
    return new MonitorPrompt.Answer(line + "!\n", line.startsWith("quit"));
  }, () -> sent++);

  private MonitorPromptTest type(String keys) throws IOException {
    for (char key : keys.toCharArray()) {
      assertTrue(prompt.open(), () -> "left before " + (int) key);
      prompt.key(key);
    }
    return this;
  }

  @Test
  void theNextCommandCanBeTypedAtOnce() throws IOException {
    prompt.begin();
    type("status\rdevices\r");
    assertEquals("\r\n(xenolith) status\r\nstatus!\r\n(xenolith) devices\r\ndevices!\r\n(xenolith) ", screen.toString());
    assertEquals(List.of("status", "devices"), lines);
    assertTrue(prompt.open());
  }

  @Test
  void anEmptyLineResumeAndTheEscapeKeyLeave() throws IOException {
    for (String leaving : List.of("\r", "  \r", "resume\r", "" + ESCAPE, "\4", "quit\r", "half a line" + ESCAPE)) {
      prompt.begin();
      type("status\r" + leaving);
      assertFalse(prompt.open(), leaving);
    }
    assertEquals(0, sent);
    assertFalse(lines.contains("resume"));
  }

  @Test
  void theEscapeKeyTwiceIsTheGuests() throws IOException {
    prompt.begin();
    type("" + ESCAPE);
    assertEquals(1, sent);
    assertFalse(prompt.open());
  }

  @Test
  void keysAreTakenBack() throws IOException {
    prompt.begin();
    type("statis\b\u007fus\rnonsense\3status\r");
    assertEquals(List.of("status", "status"), lines);
    assertTrue(screen.toString().endsWith("\r\n(xenolith) status\r\nstatus!\r\n(xenolith) "), screen.toString());
  }
}
