// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.sdk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;

/** The extension of JUnit, in processes of their own as projects outside the tree have it: on the class path, with the product's bundles beside the tests. */
class MachineTestsTest {
  private static final Pattern OPENS = Pattern.compile(
      "after (\\d+) instructions\\n(?: +\\S.*\\n)*?  it was recorded; at where it failed, with its past: (\\S+) open (\\S+)");
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
  /** Says how long tests wait for their machines. */
  private static final String COSTS = """
      package com.example.boots;

      import org.junit.jupiter.api.AfterAll;
      import org.junit.jupiter.api.BeforeEach;
      import org.junit.jupiter.api.RepeatedTest;
      import org.xenolith.junit.GuestMachine;
      import org.xenolith.junit.Machine;

      @Machine(guest = "debian")
      class FailingTest {
        private static final java.util.List<Double> ALL = new java.util.ArrayList<>();
        private long began;

        @BeforeEach
        void before() {
          began = System.nanoTime();
        }

        @RepeatedTest(60)
        void aMachineIsGiven(GuestMachine machine) {
          ALL.add((System.nanoTime() - began) / 1e6);
        }

        @AfterAll
        static void say() {
          double first = ALL.removeFirst();
          java.util.Collections.sort(ALL);
          System.out.printf("a test's start: first %.1f ms, then median %.1f, least %.1f%n", first, ALL.get(ALL.size() / 2), ALL.getFirst());
        }
      }
      """;
  /** Says how many of its tests ran at once. */
  private static final String AT_ONCE = """
      package com.example.boots;

      import java.time.Duration;
      import java.util.concurrent.atomic.AtomicInteger;
      import org.junit.jupiter.api.AfterAll;
      import org.junit.jupiter.api.RepeatedTest;
      import org.xenolith.junit.GuestMachine;
      import org.xenolith.junit.Machine;

      @Machine(guest = "tiny", options = "memory=64M")
      class FailingTest {
        private static final AtomicInteger NOW = new AtomicInteger();
        private static final AtomicInteger MOST = new AtomicInteger();

        @RepeatedTest(8)
        void ticks(GuestMachine machine) throws Exception {
          MOST.accumulateAndGet(NOW.incrementAndGet(), Math::max);
          machine.expect("^tick 2$");
          Thread.sleep(200);
          NOW.decrementAndGet();
        }

        @AfterAll
        static void say() {
          System.out.println("at once: " + MOST);
        }
      }
      """;
  @TempDir
  Path folder;

  private TestsProject project;
  private CommandRun run;

  @BeforeEach
  void begin() {
    project = new TestsProject(folder);
    run = project.run();
  }

  @Test
  void testsShareABootAndAFailingOneLeavesARecordingThatOpens() throws Exception {
    project.compiled(FAILING, "BootsTest", "BootsSnapshotTest");
    String said = run.run(1, project.tests());
    assertTrue(said.contains("8 tests passed, 1 failed"), said);
    assertTrue(said.contains("expected: a line of /pl011@9000000 that matches '^tick 11$' within 2 s of guest time") && said.contains(
        "instead:  the guest powered off") && said.contains("| XENOLITH-DONE up=0.50"), said);

    Matcher opens = OPENS.matcher(said);
    assertTrue(opens.find(), said);
    assertEquals(GuideRun.root().resolve("xenolith").toString(), opens.group(2));
    Path recording = Path.of(opens.group(3));
    assertEquals(folder.resolve("recordings/com.example.boots.FailingTest.thereIsAnEleventhTick.journal"), recording);
    String opened = run.xenolith(0, "open", recording);
    assertTrue(opened.contains("XENOLITH-DONE up=0.50") && opened.contains("(xenolith) status\n" + opens.group(1) + " instructions"),
        opened);
  }

  /** Of 59 that share Debian's boot. How long most take a busy host decides; the median is in docs/figures/forks.md. */
  @Test
  @Tag("full")
  void aTestBehindTheFirstStartsInFiftyMilliseconds() throws Exception {
    project.compiled(COSTS, "BootsTest");
    String said = run.run(0, project.tests());
    Matcher costs = Pattern.compile("a test's start: .*, least ([0-9.]+)").matcher(said);
    assertTrue(costs.find(), said);
    System.out.println(costs.group());
    assertTrue(Double.parseDouble(costs.group(1)) <= 50, costs.group());
  }

  /** Four may, by JUnit's word; two have room. */
  @Test
  @Tag("full")
  void asManyRunAtOnceAsMemoryAllows() throws Exception {
    project.compiled(AT_ONCE);
    for (int mebibytes : new int[] {150, 70}) {
      String said = run.run(0, project.tests("-Dxenolith.junit.memory=" + mebibytes, "-Djunit.jupiter.execution.parallel.enabled=true",
          "-Djunit.jupiter.execution.parallel.mode.default=concurrent", "-Djunit.jupiter.execution.parallel.config.strategy=fixed",
          "-Djunit.jupiter.execution.parallel.config.fixed.parallelism=4"));
      assertTrue(said.contains("at once: " + mebibytes / 64 + "\n"), said);
    }
  }

  @Test
  @Tag("full")
  void aDebuggerFindsTheMachineHaltedWhereTheTestFailed() throws Exception {
    project.compiled(FAILING, "BootsTest");
    Path said = folder.resolve("debugged.txt");
    Process tests = run.prepared(project.tests("-Dxenolith.junit.gdb=0"), said).start();
    try {
      Matcher port = await(said, "target remote :(\\d+)'");
      await(said, "the test has failed, and its machine stays halted there");
      try (Socket gdb = new Socket("127.0.0.1", Integer.parseInt(port.group(1)))) {
        gdb.setSoTimeout(60_000);
        gdb.getOutputStream().write("$?#3f".getBytes(StandardCharsets.US_ASCII));
        byte[] answer = gdb.getInputStream().readNBytes(5);
        assertEquals("+$T05", new String(answer, StandardCharsets.US_ASCII));
        gdb.getOutputStream().write("+$k#6b".getBytes(StandardCharsets.US_ASCII));
        assertTrue(tests.waitFor(2, TimeUnit.MINUTES), () -> "the tests wait on");
      }
      assertEquals(1, tests.exitValue());
      await(said, "5 tests passed, 1 failed");
    } finally {
      tests.destroyForcibly();
    }
  }

  private static Matcher await(Path said, String regex) throws Exception {
    long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(2);
    for (;;) {
      String text = Files.readString(said);
      Matcher found = Pattern.compile(regex).matcher(text);
      if (found.find()) {
        return found;
      }
      assertTrue(System.nanoTime() < end, () -> "'" + regex + "' isn't said:\n" + text);
      Thread.sleep(100);
    }
  }

  /** Those of its tests whose guest is the small one: how a project comes to the extension and to a product is the same for all. */
  @Test
  @ResourceLock(CommandRun.REPOSITORY)
  void theProjectIsTestedByPlainMaven() throws Exception {
    run.xenolith(0, "sdk", "repository", "--without-javadoc");
    run.xenolith(0, "new", "tests", "boots");
    run.maven("boots", "-Dtest=BootsTest");
    String reports = reports();
    assertTrue(reports.contains("Tests run: 5, Failures: 0, Errors: 0, Skipped: 0"), reports);
  }

  @Test
  @ResourceLock(CommandRun.REPOSITORY)
  @Tag("full")
  void theWholeProjectIsTestedByPlainMaven() throws Exception {
    run.xenolith(0, "sdk", "repository", "--without-javadoc");
    run.xenolith(0, "new", "tests", "boots");
    run.maven("boots");
    String reports = reports();
    assertTrue(reports.contains("Tests run: 10, Failures: 0, Errors: 0, Skipped: 0") && reports.contains(
        "Tests run: 5, Failures: 0, Errors: 0, Skipped: 0") && reports.contains("Tests run: 3, Failures: 0, Errors: 0, Skipped: 0"),
        reports);
  }

  /** What surefire says of each class. */
  private String reports() throws Exception {
    StringBuilder reports = new StringBuilder();
    try (Stream<Path> files = Files.list(folder.resolve("boots/target/surefire-reports"))) {
      for (Path report : files.filter(file -> file.toString().endsWith(".txt")).sorted().toList()) {
        reports.append(Files.readString(report));
      }
    }
    return reports.toString();
  }
}
