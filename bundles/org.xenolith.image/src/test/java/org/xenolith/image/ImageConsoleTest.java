// SPDX-License-Identifier: EPL-2.0
package org.xenolith.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is made of a guest's console. */
class ImageConsoleTest {
  private final ByteArrayOutputStream log = new ByteArrayOutputStream();
  private final List<String> steps = new ArrayList<>();
  private final ImageConsole console = new ImageConsole(log, steps::add);

  private void say(String text) {
    for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
      console.accept(b & 0xff);
    }
  }

  @Test
  void stepsAreToldAndTheLastOneDecides() throws IOException {
    String text = "[    0.1] kernel\r\nXENOLITH-IMAGE partitioning\r\n\r\nnot XENOLITH-IMAGE this\r\nXENOLITH-IMAGE made\r\n";
    say(text);
    assertEquals(List.of("partitioning", "made"), steps);
    assertTrue(console.made());
    assertEquals(List.of("[    0.1] kernel", "XENOLITH-IMAGE partitioning", "not XENOLITH-IMAGE this", "XENOLITH-IMAGE made"), console
        .last());
    assertEquals(text, log.toString(StandardCharsets.UTF_8));
    console.finish();
    say("XENOLITH-IMAGE failed at the end\n");
    assertFalse(console.made());
    assertEquals("failed at the end", console.step());
  }

  @Test
  void aGuestThatTellsNothingHasMadeNothing() {
    say("hello\n");
    assertFalse(console.made());
    assertEquals("the guest told no step", console.step());
    console.event("model-failed", "/pl011@9000000", "it threw\nat here");
    console.event("unmodelled-access", "/x", "0x10");
    assertEquals(List.of("hello", "[model-failed /pl011@9000000: it threw]"), console.last());
  }

  @Test
  void neitherManyNorLongLinesGrow() {
    for (int i = 0; i < 100; i++) {
      say(i + "x".repeat(10_000) + "\n");
    }
    assertEquals(20, console.last().size());
    assertTrue(console.last().getFirst().startsWith("80x"));
    assertTrue(console.last().stream().allMatch(line -> line.length() <= 500));
  }

  @Test
  void aLogThatCantBeWrittenIsNotLost() {
    ImageConsole full = new ImageConsole(new OutputStream() {
      @Override
      public void write(int b) throws IOException {
        throw new IOException("no space left");
      }
    }, steps::add);
    full.accept('x');
    assertEquals("no space left", assertThrows(IOException.class, full::finish).getMessage());
  }
}
