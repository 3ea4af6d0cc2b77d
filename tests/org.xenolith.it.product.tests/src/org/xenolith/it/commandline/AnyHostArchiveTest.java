// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.commandline;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xenolith.it.product.Outcome;
import org.xenolith.it.product.Product;
import org.xenolith.it.product.Program;
import org.xenolith.testkit.FullLane;

/** The archive for any Java 25 on a host for which there is no machine code, as far as a JVM that is told that it is on another one goes. */
@FullLane
class AnyHostArchiveTest {
  private static final Duration LONG = Duration.ofMinutes(25);
  private static final String ANOTHER = "-Dos.arch=aarch64 -Dos.name=Mac -XX:+UseFlagOfAnotherSystem";

  @TempDir
  Path work;

  @Test
  void itStartsAndSaysOnceWhichEngineThereIs() throws InterruptedException {
    try (Program dist = Product.start("dist")) {
      dist.await(LONG).expect(0);
    }
    try (Program tar = Program.start(new ProcessBuilder("tar", "-C", work.toString(), "-xzf", Product.root().resolve(
        "dist/xenolith-1.0.0-any-java25.tar.gz").toString()))) {
      tar.await(LONG).expect(0);
    }
    Outcome first = run("boot", "--guest", "tiny");
    first.errHas(
        "this host \\(Mac, aarch64\\) has no engine that writes its machine code: Arm guests are executed by the engine 'regions'");
    assertTrue(first.out().contains("XENOLITH-MARKER"), first::toString);
    Outcome second = run("boot", "--guest", "tiny");
    assertFalse(second.err().contains("this host"), second::toString);
  }

  private Outcome run(String... words) throws InterruptedException {
    ProcessBuilder builder = new ProcessBuilder(work.resolve("xenolith-1.0.0/bin/xenolith").toString()).redirectInput(new File(
        "/dev/null"));
    builder.command().addAll(List.of(words));
    builder.environment().clear();
    builder.environment().put("PATH", "/usr/bin:/bin");
    builder.environment().put("HOME", work.resolve("home").toString());
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    builder.environment().put("XENOLITH_JAVA_OPTS", ANOTHER);
    try (Program program = Program.start(builder)) {
      return program.await(Product.LONG).expect(0);
    }
  }
}
