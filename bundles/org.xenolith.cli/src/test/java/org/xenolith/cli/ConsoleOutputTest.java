package org.xenolith.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class ConsoleOutputTest {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final AtomicInteger seen = new AtomicInteger();

  private ConsoleOutput console(String marker) {
    return new ConsoleOutput(out, marker == null ? null : Pattern.compile(marker), false, seen::incrementAndGet);
  }

  private static void say(ConsoleOutput console, String text) {
    for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
      console.accept(b & 0xFF);
    }
  }

  @Test void theMarkerIsSeenAtItsLastCharacterWithoutALineEnd() {
    ConsoleOutput console = console("login: $");
    say(console, "debian login:");
    assertFalse(console.seen());
    say(console, " ");
    assertTrue(console.seen());
    assertEquals(1, seen.get());
  }

  @Test void aMarkerCountsOnce() {
    ConsoleOutput console = console("tick");
    say(console, "tick tick\ntick\n");
    assertEquals(1, seen.get());
  }

  @Test void aMarkerDoesNotReachAcrossLines() {
    ConsoleOutput console = console("one.*two");
    say(console, "one\ntwo\r\n");
    assertFalse(console.seen());
  }

  @Test void everyByteGoesOutUnchanged() {
    ConsoleOutput console = console(null);
    for (int b = 0; b < 256; b++) {
      console.accept(b);
    }
    console.flush();
    assertEquals(256, out.size());
    assertEquals(256, console.bytes());
    assertEquals((byte) 0xFF, out.toByteArray()[255]);
  }

  @Test void aLineWithoutEndKeepsItsLatterHalfForMatching() {
    ConsoleOutput console = console("needle");
    say(console, "x".repeat(10_000) + "needle");
    assertTrue(console.seen());
  }
}
