// SPDX-License-Identifier: EPL-2.0
package org.xenolith.mcp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class ConsoleTextTest {
  private final ConsoleText console = new ConsoleText();

  private void write(String text) {
    text.chars().forEach(console::accept);
  }

  @Test
  void whatIsFreshIsToldOnce() {
    write("one\r\ntwo\r\n");
    assertEquals("one\ntwo\n", console.fresh());
    write("three");
    assertEquals("three", console.fresh());
    assertEquals("", console.fresh());
  }

  @Test
  void theLastLinesAreThoseAlsoWithoutTheirEnd() {
    write("one\ntwo\nthree");
    assertEquals("three", console.last(1));
    assertEquals("two\nthree", console.last(2));
    assertEquals("one\ntwo\nthree", console.last(9));
    write("\n");
    assertEquals("three\n", console.last(1));
  }

  @Test
  void aTextIsSeenAtTheLetterThatCompletesItAndOnce() {
    List<String> seen = new ArrayList<>();
    console.await(Pattern.compile("log[a-z]n:"), () -> seen.add(console.fresh()));
    write("log\nin: login: login: ");
    assertEquals(List.of("log\nin: login:"), seen);
    assertFalse(console.forget());
    console.await(Pattern.compile("never"), () -> seen.add(""));
    assertTrue(console.forget());
    write("never\n");
    assertEquals(1, seen.size());
  }

  @Test
  void ofAGuestThatWritesForEverTheLatestIsKept() {
    write("line\n".repeat(200_000) + "last\n");
    assertEquals("line\nlast\n", console.last(2));
  }
}
