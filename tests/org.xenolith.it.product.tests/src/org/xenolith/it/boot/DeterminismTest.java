// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.boot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xenolith.it.product.Product;
import org.xenolith.testkit.FullLane;
import org.xenolith.testkit.Lane;

/**
 * The same inputs give the same run, bit for bit: whatever else the host does, saved and loaded, recorded and replayed. That engines agree
 * is for {@code EnginesTest} among the tests of changing machines.
 *
 * <p>Each comparison was seen to fail with a defect on one side: the loaded host, with turns whose length had a bit of the host's clock; saved and loaded, with the rest of a turn left out of the state;
 * the guest that waits, with idle jumps that were a nanosecond too long with the interpreter.
 */
@Order(2)
class DeterminismTest {
  private static final Object[] SMP =
      {"--guest", "debian", "--gic", 3, "--cpus", 4, "--append", Boot.SHORT, "--until", "XENOLITH-MARKER"};

  /** What an instruction takes on the board, in seconds. */
  private static final double NANOSECOND = 1e-9;

  @TempDir
  private static Path work;

  private static Boot first;
  /** The SMP boot always has a CPU that executes; this guest mostly waits, so that time goes on by jumps. */
  private static Boot waits;

  @BeforeAll
  static void bootOnce() throws InterruptedException {
    if (Lane.full()) { // nobody else looks at it
      first = Boot.run(work, "first", 0, SMP);
    }
    waits = Boot.run(work, "tiny", 0, "--guest", "tiny");
  }

  @Test
  @FullLane
  void aGuestThatMostlyWaitsGivesTheSameDigestOnTheOtherEngine() throws InterruptedException {
    double executed = waits.report().number("instructions") * NANOSECOND;
    assertTrue(executed < waits.report().number("virtualSeconds") / 10, waits.report()::toString);
    assertSame(waits, Boot.run(work, "tiny-interpreted", 0, "--guest", "tiny", "--engine", "interpreter"));
  }

  @Test
  @FullLane
  void aBootUnderLoadGivesTheSameDigest() throws InterruptedException, IOException {
    // Beside it runs another class of these tests: more than two cores have to do.
    Process load = busy();
    try {
      assertSame(first, Boot.run(work, "loaded-host", 0, SMP));
      assertSame(waits, Boot.run(work, "tiny-loaded-host", 0, "--guest", "tiny"));
    } finally {
      load.destroyForcibly();
    }
  }

  @Test
  @FullLane
  void aBootSavedInTheMiddleAndLoadedGivesTheSameDigest() throws InterruptedException {
    Path snapshot = work.resolve("snapshot");
    Boot half = Boot.run(work, "half", 3, with(SMP, "--limit", first.report().number("virtualSeconds") / 2, "--save", snapshot));
    Boot rest = Boot.run(work, "rest", 0, "--load", snapshot, "--until", "XENOLITH-MARKER");
    assertEquals(first.report().digest(), rest.report().digest());
    assertEquals(first.report().number("instructions"), rest.report().number("instructions"));
    assertEquals(first.outcome().out(), half.outcome().out() + rest.outcome().out());
  }

  @Test
  void theTinyGuestGivesTheSameDigestSavedAtAnyTime() throws InterruptedException {
    for (double at : new double[] {0.0001, 0.1, 0.26}) {
      Path snapshot = work.resolve("tiny-" + at);
      Boot half = Boot.run(work, "tiny-half", 3, "--guest", "tiny", "--limit", at, "--save", snapshot);
      assertFalse(half.report().digest().equals(waits.report().digest()));
      assertSame(waits, Boot.run(work, "tiny-rest", 0, "--load", snapshot), half.outcome().out());
    }
  }

  @Test
  @FullLane
  void keystrokesAndReplacementsAreReplayedToTheSameDigest() throws InterruptedException, IOException {
    Path journal = work.resolve("journal");
    Path plugins = Files.createDirectory(work.resolve("plugins"));
    Object[] line = {"--guest", "debian", "--append", Boot.SHORT + " xl.shell"};
    Boot recorded;
    try (Boot.Started boot = Boot.startWithInput(work, "recorded", with(line, "--record", journal, "--plugins", plugins))) {
      boot.program().awaitOutput("xenolith:/# ", Product.LONG);
      boot.program().type("echo $((6 * 7)) is the answer\n");
      boot.program().awaitOutput("42 is the answer", Product.LONG);
      boot.program().type("cat /sys/class/rtc/rtc0/date\n");
      boot.program().awaitOutput("\\n2026-\\d\\d-\\d\\d", Product.LONG);
      OtherVersion.CLOCK.drop("1.0.1", plugins);
      boot.program().awaitError("replaced org.xenolith.hw.pl031 1\\.0\\.\\S+ by 1\\.0\\.1, 1 device", Product.LONG);
      boot.program().type("cat /sys/class/rtc/rtc0/date\n");
      boot.program().awaitOutput("\\n2026-12-31", Product.LONG);
      OtherVersion.UART.drop("1.0.2", plugins);
      boot.program().awaitError("org.xenolith.hw.pl011 1\\.0\\.\\S+ by 1\\.0\\.2, 1 device", Product.LONG);
      boot.program().type("echo over~; exit\n");
      recorded = boot.await(0);
    }
    recorded.outcome().outHas("over!\\s+XENOLITH-DONE");
    assertEquals(0, recorded.report().events("input-lost"), recorded.report()::toString);
    assertTrue(Files.size(journal) > 0);
    assertSame(recorded, Boot.run(work, "replayed", 0, with(line, "--replay", journal)));
  }

  private static void assertSame(Boot expected, Boot actual) {
    assertSame(expected, actual, "");
  }

  /** The console of the second run may be the rest of what a saved run had begun. */
  private static void assertSame(Boot expected, Boot actual, String begun) {
    assertEquals(expected.outcome().out(), begun + actual.outcome().out());
    assertEquals(expected.report().number("instructions"), actual.report().number("instructions"));
    assertEquals(expected.report().number("virtualSeconds"), actual.report().number("virtualSeconds"));
    assertEquals(expected.report().digest(), actual.report().digest());
  }

  private static Object[] with(Object[] some, Object... more) {
    return java.util.stream.Stream.concat(java.util.Arrays.stream(some), java.util.Arrays.stream(more)).toArray();
  }

  private static Process busy() {
    try {
      return new ProcessBuilder("sh", "-c", "while :; do :; done").start();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
