// SPDX-License-Identifier: EPL-2.0
package org.xenolith.mcp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class ClientLinesTest {
  private static final String PING = "{\"jsonrpc\":\"2.0\",\"id\":6,\"method\":\"ping\"}\n";
  private static final String SAYS = "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/initialized\"}\n";
  private final ByteArrayOutputStream sent = new ByteArrayOutputStream();
  private final AnswerLines answers = new AnswerLines(sent);
  private final ByteArrayOutputStream taken = new ByteArrayOutputStream();

  private void read(String text) throws Exception {
    new ClientLines(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)), taken, answers).read();
  }

  @Test
  void aLineThatIsNoMessageIsAnsweredAndGoesNoFurther() throws Exception {
    read("hello\n{\"a\":1}\n[1]\n{\"jsonrpc\":\"2.0\",\"id\":[],\"method\":{}}\n\n" + SAYS + "x".repeat(2_000_000) + "\n");
    assertEquals(SAYS, taken.toString(StandardCharsets.UTF_8));
    String[] refused = sent.toString(StandardCharsets.UTF_8).split("\n");
    assertEquals(5, refused.length, () -> sent.toString(StandardCharsets.UTF_8));
    assertTrue(refused[0].contains("-32700") && refused[1].contains("-32600") && refused[4].contains("1048576 bytes"), () -> sent.toString(
        StandardCharsets.UTF_8));
  }

  @Test
  void theLastLineNeedsNoEnd() throws Exception {
    read(SAYS + SAYS.strip());
    assertEquals(SAYS + SAYS, taken.toString(StandardCharsets.UTF_8));
  }

  @Test
  void whatWasAskedIsWaitedForWhenThereIsNoMore() throws Exception {
    Thread reads = Thread.startVirtualThread(() -> {
      try {
        read(PING);
      } catch (Exception e) {
        throw new IllegalStateException(e);
      }
    });
    assertFalse(reads.join(Duration.ofMillis(100)));
    answers.write("{\"id\":6}\n".getBytes(StandardCharsets.UTF_8));
    reads.join();
    assertEquals("{\"id\":6}\n", sent.toString(StandardCharsets.UTF_8));
  }

  @Test
  void anAnswerIsWrittenWhenItsLineIsWhole() throws IOException {
    answers.write("{\"id\":".getBytes(StandardCharsets.UTF_8));
    answers.line("{}".getBytes(StandardCharsets.UTF_8));
    answers.write("7}\n".getBytes(StandardCharsets.UTF_8));
    assertEquals("{}\n{\"id\":7}\n", sent.toString(StandardCharsets.UTF_8));
  }
}
