// SPDX-License-Identifier: EPL-2.0
package org.xenolith.launch;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What is made beside the framework's start. */
class BeforehandTest {
  @Test
  void itComesToItsEndAndKeepsNoProcess() throws InterruptedException {
    Thread thread = Beforehand.begin(true);
    assertTrue(thread.isDaemon());
    assertTrue(thread.join(Duration.ofSeconds(60)));
  }

  @Test
  void whatItInitializesIsThere() {
    String source = "bundles/org.xenolith.machine.kit/src/main/java/" + Beforehand.CALLS.replace('.', '/') + ".java";
    assertTrue(Files.exists(Path.of(System.getProperty("xenolith.root", ".."), source)), source);
  }

  @Test
  void whatIsntThereIsLeftOut() {
    assertFalse(Beforehand.initialize("org.xenolith.Nobody"));
    assertTrue(Beforehand.initialize("java.util.ArrayList"));
  }
}
