// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class ConsoleOutputTest {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final AtomicInteger seen = new AtomicInteger();

  private ConsoleOutput console(String marker) {
    return new ConsoleOutput(out, marker == null ? null : Pattern.compile(marker), false, false, seen::incrementAndGet);
  }

  private static void say(ConsoleOutput console, String text) {
    for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
      console.accept(b & 0xFF);
    }
  }

  @Test
  void theMarkerIsSeenAtItsLastCharacterWithoutALineEnd() {
    ConsoleOutput console = console("login: $");
    say(console, "debian login:");
    assertFalse(console.seen());
    say(console, " ");
    assertTrue(console.seen());
    assertEquals(1, seen.get());
  }

  @Test
  void plainTextIsSeenAtItsLastCharacterToo() {
    for (String marker : new String[] {"EFI stub: Booting", "x", "a-b", "login:[ ]", "^ready", "done|over", "(?i)OVER", "äö"}) {
      ConsoleOutput console = console(marker);
      say(console, "already aa-- EFI stub: Bootin");
      assertFalse(console.seen(), marker);
      say(console, "\rdone overäöx EFI stub: Booting a-b login: \rready\n");
      assertTrue(console.seen(), marker);
    }
  }

  @Test
  void aMarkerCountsOnce() {
    ConsoleOutput console = console("tick");
    say(console, "tick tick\ntick\n");
    assertEquals(1, seen.get());
  }

  @Test
  void aMarkerDoesNotReachAcrossLines() {
    ConsoleOutput console = console("one.*two");
    say(console, "one\ntwo\r\n");
    assertFalse(console.seen());
  }

  @Test
  void atATerminalTheLastLineEnds() {
    for (String said : List.of("login: ", "login: \r\n", "")) {
      out.reset();
      ConsoleOutput console = new ConsoleOutput(out, null, false, true, () -> {});
      say(console, said);
      console.endLine();
      assertEquals(said.equals("login: ") ? "login: \n" : said, out.toString(StandardCharsets.UTF_8));
    }
    out.reset();
    ConsoleOutput piped = console(null);
    say(piped, "login: ");
    piped.endLine();
    assertEquals("login: ", out.toString(StandardCharsets.UTF_8), "a file has the guest's bytes and no more");
  }

  @Test
  void whatAGuestShowsWaitsWhileAPersonTypesAndIsNotLost() throws IOException {
    HeldOutput held = new HeldOutput(out);
    ConsoleOutput console = new ConsoleOutput(held, Pattern.compile("late"), true, true, seen::incrementAndGet);
    say(console, "early ");
    held.hold();
    say(console, "late");
    assertEquals("early ", out.toString(StandardCharsets.UTF_8));
    assertEquals(1, seen.get(), "the marker is seen all the same");
    held.release();
    say(console, "!");
    assertEquals("early late!", out.toString(StandardCharsets.UTF_8));
    held.hold();
    say(console, "x".repeat(HeldOutput.MOST + 1));
    assertEquals(11 + HeldOutput.MOST, out.size(), "what waits has a bound");
  }

  @Test
  void everyByteGoesOutUnchanged() {
    ConsoleOutput console = console(null);
    for (int b = 0; b < 256; b++) {
      console.accept(b);
    }
    console.flush();
    assertEquals(256, out.size());
    assertEquals(256, console.bytes());
    assertEquals((byte) 0xFF, out.toByteArray()[255]);
  }

  @Test
  void outputThatIsGoneEndsTheRunAndNeverTroublesTheUart() {
    ConsoleOutput console = new ConsoleOutput(new OutputStream() {
      @Override
      public void write(int b) throws IOException {
        throw new IOException("Broken pipe");
      }
    }, Pattern.compile("two"), true, false, seen::incrementAndGet);
    say(console, "one\ntwo\n");
    console.flush();
    assertEquals(1, seen.get());
    assertFalse(console.seen());
    assertTrue(console.trouble().contains("standard output") && console.trouble().contains("Broken pipe"), console.trouble());
  }

  @Test
  void aMarkerTooDeepToMatchEndsTheRunByName() {
    ConsoleOutput console = console("(?:a|b|\\s)*(?:x|y(?:a|b|\\s)*)*z");
    Thread small = new Thread(null, () -> say(console, "ab ".repeat(3000)), "small stack", 1 << 18);
    small.start();
    try {
      small.join();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
    assertTrue(console.trouble() != null && console.trouble().contains("--until"), console.trouble());
    assertEquals(1, seen.get());
  }

  @Test
  void aLineWithoutEndKeepsItsLatterHalfForMatching() {
    ConsoleOutput console = console("needle");
    say(console, "x".repeat(10_000) + "needle");
    assertTrue(console.seen());
  }
}
