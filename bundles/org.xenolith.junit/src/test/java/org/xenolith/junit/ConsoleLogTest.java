// SPDX-License-Identifier: EPL-2.0
package org.xenolith.junit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class ConsoleLogTest {
  private final ConsoleLog log = new ConsoleLog();
  private final AtomicInteger found = new AtomicInteger();

  private void show(String text) {
    for (byte each : text.getBytes(StandardCharsets.UTF_8)) {
      log.accept(each);
    }
  }

  private boolean await(String regex) {
    return log.await(Pattern.compile(regex), found::incrementAndGet);
  }

  @Test
  void aPromptIsFoundAtItsLastByte() {
    assertFalse(await("login: $"));
    show("Debian\r\nlogin:");
    assertFalse(log.seen());
    show(" ");
    assertTrue(log.seen());
    assertEquals(1, found.get());
    show("root");
    assertEquals(1, found.get());
  }

  @Test
  void whatWasShownBeforeIsFoundAtOnceAndOnlyOnce() {
    show("one\ntwo\n");
    assertTrue(await("^(tw)o$"));
    assertEquals("tw", log.forget().orElseThrow().group(1));
    assertEquals(0, found.get());
    assertFalse(await("one|two"));
    assertTrue(log.forget().isEmpty());
  }

  @Test
  void theRestOfALineIsLookedAtBehindWhatWasFoundInIt() {
    show("# ls\nbin lib # ");
    assertTrue(await("bin"));
    log.forget();
    assertFalse(await("^lib"));
    log.forget();
    assertTrue(await("lib # $"));
  }

  @Test
  void aForkGoesOnBehindWhatItsOriginHasFound() {
    show("boot\n# ");
    assertTrue(await("# $"));
    log.forget();
    ConsoleLog fork = new ConsoleLog();
    fork.goOnFrom(log);
    assertFalse(fork.await(Pattern.compile("#"), () -> {}));
    assertEquals("boot\n# ", fork.text());
    assertEquals("# ", fork.unended());
    fork.accept('!');
    assertEquals("boot\n# ", log.text());
  }

  @Test
  void theLastLinesAreOfUtf8AndWithoutTheEmptyOnes() {
    show("a\nb\ngrün\n\n\n");
    assertEquals(List.of("b", "grün"), log.last(2));
  }

  @Test
  void aLineWithoutAnEndIsLookedAtFromNearItsEnd() {
    show("x".repeat(10_000));
    assertFalse(await("y"));
    show("y");
    assertTrue(log.seen());
  }
}
