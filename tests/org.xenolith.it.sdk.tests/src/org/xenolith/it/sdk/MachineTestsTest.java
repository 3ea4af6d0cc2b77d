// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.sdk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The extension of JUnit, in processes of their own as projects outside the tree have it: on the class path, with the product's bundles beside the tests. */
class MachineTestsTest {
  private static final Pattern OPENS = Pattern.compile("it was recorded; at where it failed, with its past: (\\S+) open (\\S+)");
  /** A test that fails, in the package of the project's. */
  private static final String FAILING = """
      package com.example.boots;

      import java.time.Duration;
      import org.junit.jupiter.api.Test;
      import org.xenolith.junit.GuestMachine;
      import org.xenolith.junit.Machine;

      @Machine(guest = "tiny", until = "tick 2$")
      class FailingTest {
        @Test
        void thereIsAnEleventhTick(GuestMachine machine) {
          machine.type("unread");
          machine.expect("^tick 11$", Duration.ofSeconds(2));
        }
      }
      """;
  @TempDir
  Path folder;

  @Test
  void testsShareABootAndAFailingOneLeavesARecordingThatOpens() throws Exception {
    CommandRun run = new CommandRun(folder);
    run.xenolith(0, "sdk");
    run.xenolith(0, "new", "tests", "boots");
    Path sources = folder.resolve("boots/src/test/java/com/example/boots");
    Files.writeString(sources.resolve("FailingTest.java"), FAILING);
    Path sdk = GuideRun.root().resolve("dist/sdk");
    String path = String.join(":", folder.resolve("classes").toString(), sdk + "/bundles/*", sdk + "/test/*", sdk + "/lib/*", sdk
        + "/tool/framework.jar");
    String java = Path.of(System.getProperty("java.home"), "bin").toString();
    run.run(0, List.of(java + "/javac", "-proc:none", "-d", "classes", "-cp", path, sources.resolve("BootsTest.java").toString(), sources
        .resolve("FailingTest.java").toString()));
    String said = run.run(1, List.of(java + "/java", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "--enable-native-access=ALL-UNNAMED",
        "-Dxenolith.home=" + GuideRun.root(), "-Dxenolith.junit.recordings=" + folder.resolve("recordings"), "-cp", path, sdk
            + "/tool/TestModel.java", folder.resolve("classes").toString()));
    assertTrue(said.contains("5 tests passed, 1 failed"), said);
    assertTrue(said.contains("expected: a line of /pl011@9000000 that matches '^tick 11$' within 2 s of guest time") && said.contains(
        "instead:  the guest powered off") && said.contains("| XENOLITH-DONE up=0.50"), said);

    Matcher opens = OPENS.matcher(said);
    assertTrue(opens.find(), said);
    assertEquals(GuideRun.root().resolve("xenolith").toString(), opens.group(1));
    Path recording = Path.of(opens.group(2));
    assertEquals(folder.resolve("recordings/com.example.boots.FailingTest.thereIsAnEleventhTick.journal"), recording);
    String opened = run.xenolith(0, "open", recording);
    assertTrue(opened.contains("tick 10") && opened.contains("XENOLITH-DONE up=0.50"), opened);
  }

  @Test
  @Tag("full")
  void theProjectIsTestedByPlainMaven() throws Exception {
    CommandRun run = new CommandRun(folder);
    run.xenolith(0, "sdk", "repository", "--without-javadoc");
    run.xenolith(0, "new", "tests", "boots");
    run.maven("boots");
    StringBuilder reports = new StringBuilder();
    try (Stream<Path> files = Files.list(folder.resolve("boots/target/surefire-reports"))) {
      for (Path report : files.filter(file -> file.toString().endsWith(".txt")).sorted().toList()) {
        reports.append(Files.readString(report));
      }
    }
    assertTrue(reports.toString().contains("Tests run: 8, Failures: 0, Errors: 0, Skipped: 0") && reports.toString().contains(
        "Tests run: 5, Failures: 0, Errors: 0, Skipped: 0"), reports::toString);
  }
}
