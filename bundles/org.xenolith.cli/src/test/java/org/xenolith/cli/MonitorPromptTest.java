// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.xenolith.cli.MonitorPrompt.ESCAPE;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import org.jline.terminal.Size;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A whole conversation each: it is over when the guest has the terminal again. */
@Timeout(60)
class MonitorPromptTest {
  private static final String UP = "\033[A";
  private static final String LEFT = "\033[D";
  private static final String HOME = "\001";
  private final ByteArrayOutputStream screen = new ByteArrayOutputStream();
  private final List<String> lines = Collections.synchronizedList(new ArrayList<>());
  private final ByteArrayOutputStream sent = new ByteArrayOutputStream();
  private final Semaphore left = new Semaphore(0);
  private final CountDownLatch never = new CountDownLatch(1);
  private final Semaphore waits = new Semaphore(0);
  private MonitorPrompt prompt;
  private Size size = new Size(80, 24);

  @BeforeEach
  void make() throws IOException {
    make("xterm");
  }

  private void make(String type) throws IOException {
    prompt = new MonitorPrompt(type, screen, this::execute, new PromptCompleter(() -> List.of("help", "status", "devices", "remove"),
        () -> List.of("org.acme.uart", "org.acme.gic"), List::of, words -> List.of()), new MonitorPrompt.Guest() {
          @Override
          public void type(byte[] keys) {
            sent.writeBytes(keys);
          }

          @Override
          public void back() {
            left.release();
          }
        });
  }

  private MonitorPrompt.Answer execute(String line) {
    lines.add(line);
    if (line.equals("hang")) {
      waits.release();
      try {
        never.await();
      } catch (InterruptedException e) {
        lines.add("interrupted");
      }
    }
    return new MonitorPrompt.Answer(line + "!\n", line.startsWith("quit"));
  }

  private List<String> type(String keys) throws Exception {
    prompt.begin(size, "");
    for (byte key : keys.getBytes(StandardCharsets.UTF_8)) {
      if (!prompt.key(key & 0xFF)) {
        sent.write(key);
      }
    }
    left.acquire();
    assertFalse(prompt.key('x'), "it is the guest's");
    return lines;
  }

  private String shown() {
    return screen.toString(StandardCharsets.UTF_8).replaceAll("\033\\[[?0-9;]*[a-zA-Z]|\033[=>]", "");
  }

  @Test
  void theNextCommandCanBeTypedAtOnce() throws Exception {
    assertEquals(List.of("status", "devices"), type("status\rdevices\r\r"));
    assertTrue(shown().contains("status!\r\n") && shown().contains("devices!\r\n"), shown());
    assertTrue(shown().startsWith("\r\n(xenolith) "), shown());
  }

  /** Who drives it by a program waits for the prompt and what it typed there. */
  @Test
  void promptAndLineStandTogetherOnEveryTerminal() throws Exception {
    for (String type : new String[] {"xterm", "dumb", null}) {
      make(type);
      screen.reset();
      type("status\rresume\r");
      String said = screen.toString(StandardCharsets.UTF_8);
      assertTrue(said.contains("(xenolith) status") && said.contains("status!\r\n") && said.contains("(xenolith) resume"), type + ": "
          + said);
    }
  }

  /** One that a program made and nobody gave a size, as {@code script} does without a terminal of its own. */
  @Test
  void aTerminalWithoutASizeHasOneForThePrompt() throws Exception {
    size = new Size(0, 0);
    type("status\r\r");
    String said = screen.toString(StandardCharsets.UTF_8);
    assertTrue(said.contains("(xenolith) status") && said.contains("status!\r\n"), said);
  }

  @Test
  void anEmptyLineResumeAndTheEscapeKeyLeave() throws Exception {
    for (String leaving : List.of("\r", "  \r", "resume\r", "" + (char) ESCAPE, "\4", "quit\r", "half a line" + (char) ESCAPE)) {
      type("status\r" + leaving);
    }
    assertEquals(0, sent.size());
    assertFalse(lines.contains("resume"));
  }

  @Test
  void theEscapeKeyTwiceIsTheGuests() throws Exception {
    type("" + (char) ESCAPE);
    assertEquals(List.of(), lines);
    assertEquals("" + (char) ESCAPE, sent.toString(StandardCharsets.UTF_8));
  }

  @Test
  void whatIsTypedBehindTheLastLineIsTheGuests() throws Exception {
    type("status\r\rls -l ä\r");
    assertEquals("ls -l ä\r", sent.toString(StandardCharsets.UTF_8));
  }

  @Test
  void linesAreEdited() throws Exception {
    assertEquals(List.of("status", "status", "status"), type("statis\b\u007fus\rnonsense\3status\rsatus" + LEFT.repeat(4) + "t\r\r"));
    lines.clear();
    assertEquals(List.of("xl list", "two words"), type("list" + HOME + "xl \rtwo wrong\027words\r\r"));
  }

  /** Before the prompt reads, while it reads and behind what it has not read yet. */
  @Test
  void ctrlCForgetsTheLineItEndsHoweverFastItWasTyped() throws Exception {
    for (int times = 0; times < 50; times++) {
      lines.clear();
      assertEquals(List.of("status"), type("nonsense\3status\r\r"));
    }
  }

  @Test
  void whatWasTypedAheadOfACommandThatIsGivenUpGoesWithIt() throws Exception {
    prompt.begin(new Size(80, 24), "");
    press("hang\r");
    waits.acquire();
    press("devices\rnonsense\3status\r\r");
    left.acquire();
    lines.remove("interrupted");
    assertEquals(List.of("hang", "status"), lines);
  }

  private void press(String keys) throws IOException {
    for (char key : keys.toCharArray()) {
      prompt.key(key);
    }
  }

  @Test
  void earlierLinesComeBackAlsoWhenThePromptWasLeftMeanwhile() throws Exception {
    type("status\rdevices\r\r");
    lines.clear();
    assertEquals(List.of("status", "status -v"), type(UP + UP + "\r" + UP + " -v\r\r"));
  }

  @Test
  void wordsAreCompleted() throws Exception {
    assertEquals(List.of("status", "remove org.acme.uart", "help devices"), type("sta\t\rrem\torg.acme.u\t\rhe\tdev\t\r\r"));
  }

  @Test
  void whatHasNoMeaningHereIsText() throws Exception {
    assertEquals(List.of("echo !x \"open \\ 'q"), type("echo !x \"open \\ 'q\r\r"));
  }

  @Test
  void aCommandThatDoesNotComeBackIsGivenUp() throws Exception {
    prompt.begin(new Size(80, 24), "");
    press("hang\r");
    waits.acquire();
    prompt.key(3);
    prompt.key('\r');
    left.acquire();
    assertTrue(shown().contains("given up: it may still go on\r\n"), () -> shown().replace("\r", "<r>"));
  }

  @Test
  void whatATerminalSaysOfItselfIsNoKey() {
    for (String reply : List.of("\033[24;80R", "\033[?62;c", "\033[0n", "\033[>0;276;0c", "\033]11;rgb:0/0/0\7", "\033P1$r0m\033\\",
        "\033[?2004;1$y")) {
      assertEquals(TerminalReplies.Kind.REPLY, kind(reply), reply);
    }
    for (String keys : List.of("a", UP, "\033OA", "\033[3~", "\033[1;5C", "\033[200~", "\033b", "ä")) {
      assertEquals(TerminalReplies.Kind.KEYS, kind(keys), keys);
    }
    assertEquals(TerminalReplies.Kind.MORE, kind("\033"));
  }

  private static TerminalReplies.Kind kind(String bytes) {
    TerminalReplies replies = new TerminalReplies();
    TerminalReplies.Kind kind = TerminalReplies.Kind.MORE;
    for (byte key : bytes.getBytes(StandardCharsets.UTF_8)) {
      assertTrue(kind == TerminalReplies.Kind.MORE || !replies.pending(), bytes);
      kind = replies.add(key & 0xFF);
      if (kind != TerminalReplies.Kind.MORE) {
        replies.taken();
      }
    }
    return kind;
  }
}
