// SPDX-License-Identifier: EPL-2.0
package org.xenolith.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class TranscriptTest {
  private final Transcript transcript = new Transcript(b -> {});

  private void show(String text) {
    for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
      transcript.accept(b & 0xFF);
    }
  }

  private boolean find(String regex) {
    return transcript.find(Pattern.compile(regex, Pattern.MULTILINE));
  }

  @Test
  void whatWasMatchedIsNotMatchedAgain() {
    show("one two\r\nthree\n");
    assertTrue(find("one"));
    assertFalse(find("one"));
  }

  @Test
  void aMatchLeavesTheRestOfItsLineAndTheLinesThatFollow() {
    show("one two\nthree\n");
    assertTrue(find("one"));
    assertTrue(find("two"));
    assertTrue(find("^three$"));
  }

  @Test
  void aMatchEndsWithinItsLine() {
    show("one\ntwo\n");
    assertFalse(find("one[\\s\\S]*two"));
  }

  @Test
  void theBeginningOfALineIsNotWhereTheLastMatchEnded() {
    show("one two\n");
    assertTrue(find("one "));
    assertFalse(find("^two"));
  }

  @Test
  void aPromptIsSeenAtTheByteThatCompletesIt() {
    AtomicInteger stops = new AtomicInteger();
    transcript.await(Pattern.compile("# $"), stops::incrementAndGet);
    show("ls #");
    assertEquals(0, stops.get());
    show(" ");
    assertTrue(transcript.seen());
    show("more # ");
    assertEquals(1, stops.get());
  }

  @Test
  void whatIsThereAlreadyNeedsNoRun() {
    show("login: ");
    transcript.await(Pattern.compile("login"), () -> {});
    assertTrue(transcript.seen());
  }

  @Test
  void aPatternThatIsTooDeepIsNoExceptionForTheModel() throws InterruptedException {
    show("ab".repeat(2_000));
    Thread small = new Thread(null, () -> find("(a|b)*c"), "small stack", 160 << 10);
    small.start();
    small.join();
    assertTrue(transcript.trouble().contains("too deep"), transcript.trouble());
  }

  @Test
  void theLastLinesAreTextAsTheGuestWroteIt() {
    show("a\nb\nc: 3 µs\n\n\n");
    assertEquals(List.of("b", "c: 3 µs"), transcript.last(2));
    assertTrue(transcript.shows(Pattern.compile("^b$")));
  }

  @Test
  void aLineWithoutAnEndIsMatchedAtItsEnd() {
    show("x".repeat(100_000));
    assertTrue(find("x$"));
    show("marker");
    assertTrue(find("marker"));
  }

  @Test
  void aGuestThatNeverStopsWritingLosesTheBeginning() {
    String line = "y".repeat(1023) + "\n";
    for (int i = 0; i < 20 << 10; i++) {
      show(line);
    }
    show("the end\n");
    assertTrue(find("the end"));
    assertFalse(transcript.isEmpty());
  }
}
