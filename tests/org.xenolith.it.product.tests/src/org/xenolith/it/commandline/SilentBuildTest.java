// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.commandline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xenolith.it.product.Product;

/** {@code ./xenolith test} of which a test hangs: JVMs that sleep stand in for Maven and for the one that it runs tests in. */
class SilentBuildTest {
  private static final String BUILD = """
      set -euo pipefail
      root=$1 jdk=$2 cache=none silence=2
      say() { printf '%s\\n' "$*"; }
      fail() { say "$@"; exit 2; }
      . "$root/releng/sh/maven.sh"
      . "$root/releng/sh/silence.sh"
      find_maven() { maven=$root/mvn; }
      status=0
      run_maven "$root/target/test.log" verify || status=$?
      say "ended with $status"
      """;
  private static final String SLEEPER = """
      void main(String[] arguments) throws Exception {
        System.out.println("[INFO] Running " + arguments[0]);
        java.nio.file.Files.createFile(java.nio.file.Path.of("up"));
        goesOnForEver();
      }

      void goesOnForEver() {
        while (true) {
          try {
            Thread.sleep(1_000);
          } catch (InterruptedException heedsNone) {
            continue;
          }
        }
      }
      """;

  /** A line now and then until the JVM is there: a busy host takes longer to start it than the build may say nothing. */
  private static final String SAYS = "(while ! [[ -e up ]]; do echo starting; sleep 0.2; done) &\n";

  @TempDir
  private Path root;

  private String build(String maven) throws IOException, InterruptedException {
    Files.createDirectories(root.resolve("releng/sh"));
    for (String script : List.of("maven.sh", "silence.sh")) {
      Files.copy(Product.root().resolve("releng/sh").resolve(script), root.resolve("releng/sh").resolve(script));
    }
    Files.writeString(root.resolve("Sleeper.java"), SLEEPER);
    Files.writeString(root.resolve("mvn"), "#!/bin/bash\n" + SAYS + maven).toFile().setExecutable(true);
    Process process = new ProcessBuilder("bash", "-c", BUILD, "build", root.toString(), System.getProperty("java.home"))
        .redirectErrorStream(true).start();
    boolean ended = process.waitFor(2, TimeUnit.MINUTES);
    if (!ended) {
      process.descendants().forEach(ProcessHandle::destroyForcibly); // what was to end them did not
      process.destroyForcibly();
    }
    assertTrue(ended, "it is ended");
    return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
  }

  private List<String> stacks() throws IOException {
    try (Stream<Path> files = Files.list(root.resolve("target/hang"))) {
      return files.map(file -> {
        try {
          return Files.readString(file);
        } catch (IOException failure) {
          throw new java.io.UncheckedIOException(failure);
        }
      }).toList();
    }
  }

  @Test
  void aTestThatHangsIsNamedAndEndedAndTheBuildGoesOn() throws IOException, InterruptedException {
    String said = build("\"$JAVA_HOME/bin/java\" \"$PWD/Sleeper.java\" org.example.HangingTest\nexit 3\n");
    assertTrue(said.contains("a test hangs, and is ended. What ran last: org.example.HangingTest"), said);
    assertTrue(said.endsWith("ended with 3"), said);
    assertEquals(1, stacks().size());
    assertTrue(stacks().getFirst().contains("goesOnForEver"), stacks().getFirst());
  }

  @Test
  void mavenIsEndedWhereTheTestIsItsOwn() throws IOException, InterruptedException {
    String said = build("exec \"$JAVA_HOME/bin/java\" -Dplexus.classworlds.is=no \"$PWD/Sleeper.java\" org.example.UnitTest\n");
    assertTrue(said.contains("What ran last: org.example.UnitTest"), said);
    assertTrue(said.endsWith("ended with 137"), said);
    assertTrue(stacks().getFirst().contains("goesOnForEver"), stacks().getFirst());
  }
}
