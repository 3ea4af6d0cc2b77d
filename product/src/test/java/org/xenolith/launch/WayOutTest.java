// SPDX-License-Identifier: EPL-2.0
package org.xenolith.launch;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/** Whose words are the last ones, in a process of its own. */
class WayOutTest {
  @Test
  void hangThatIsSeenWhileABundleEndsTheProgramIsNotSaidInItsStead() throws Exception {
    assertEquals("4: xenolith: a bundle ended the program before its work was done\n    at " + Ending.class.getName() + ".byABundle(",
        ending());
  }

  /** Exit code, and what is on standard error up to a line's number. */
  private static String ending() throws IOException, InterruptedException {
    ProcessBuilder java = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-XX:TieredStopAtLevel=1", "-cp", System.getProperty("java.class.path"), Ending.class.getName()).redirectErrorStream(true);
    // It would be said on standard error.
    java.environment().remove("JAVA_TOOL_OPTIONS");
    Process process = java.start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return process.waitFor() + ": " + said.replaceFirst("(?s)\\(WayOutTest.java.*", "(");
  }

  /** Two that end the program: a bundle begins, and while the hook is at it a hang is seen. */
  static final class Ending {
    private Ending() {}

    public static void main(String[] arguments) throws InterruptedException {
      CountDownLatch hooked = new CountDownLatch(1);
      WayOut way = WayOut.ofThisProcess();
      way.first(() -> {
        hooked.countDown();
        LockSupport.parkNanos(300_000_000);
      });
      Thread.ofPlatform().daemon().start(Ending::byABundle);
      hooked.await();
      way.end(4, "xenolith: ended, because a model did not come back (--hang-limit)");
    }

    private static void byABundle() {
      System.exit(0);
    }
  }
}
