// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.hotplug;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.xenolith.console.api.SerialPort;
import org.xenolith.it.guest.GuestConsole;
import org.xenolith.it.guest.InstalledProduct;
import org.xenolith.it.guest.MachineCodeHost;
import org.xenolith.launch.api.Launch;
import org.xenolith.launch.api.Launcher;
import org.xenolith.launch.kit.RequestBuilder;
import org.xenolith.machine.control.Machine.RunLimit;
import org.xenolith.machine.control.Machine.StopReason;
import org.xenolith.testkit.FullLane;

/**
 * What forks of a booted Debian cost, and going back to where one began: prints milliseconds of the processor that this thread had, which other programs disturb less than the clock's, as median and
 * least of many. That it costs about what was written, and not what there is, is tested.
 */
@FullLane
class ForkCostTest {
  private static final String MARKER = "XENOLITH-MARKER";
  private static final long MIB = 1 << 20;
  private static final long LATE = TimeUnit.SECONDS.toNanos(900);
  private static final long MILLISECOND = 1_000_000;
  private static final int FORKS = 30;
  private static final int RESETS = 300;
  private static final int AT_ONCE = 100;

  @Test
  void debianOnArm() throws IOException {
    measure("virt", "debian");
  }

  @Test
  void debianOnAPc() throws IOException {
    measure("pc-pvh", "debian-amd64-cloud");
  }

  private static Launch launch(String board, String guest, long memory) {
    RequestBuilder request = RequestBuilder.of(board).guest(guest).cpus(1).memory(memory);
    return InstalledProduct.get().service(Launcher.class).launch(request.engine(MachineCodeHost.here() ? MachineCodeHost.ENGINE : "")
        .build(), line -> {}, (kind, place, text) -> {});
  }

  private static Launch fork(Launch launch) {
    return launch.fork((kind, place, text) -> {});
  }

  private static void run(Launch launch, long milliseconds) {
    launch.machine().run(new RunLimit(launch.machine().now() + milliseconds * MILLISECOND, Long.MAX_VALUE));
  }

  /** Milliseconds of the processor. */
  private static double cost(Runnable what) {
    long began = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    what.run();
    return (ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - began) / 1e6;
  }

  private static double tell(String what, List<Double> costs) {
    double[] sorted = costs.stream().mapToDouble(Double::doubleValue).sorted().toArray();
    System.out.printf("%s: %.2f ms, least %.2f, of %d%n", what, sorted[sorted.length / 2], sorted[0], sorted.length);
    return sorted[0];
  }

  /** Bytes of this process that are no file's. Source: proc(5), status. */
  private static long written() throws IOException {
    return Files.readAllLines(Path.of("/proc/self/status")).stream().filter(line -> line.startsWith("RssAnon:")).mapToLong(line -> Long
        .parseLong(line.replaceAll("[^0-9]", ""))).sum() << 10;
  }

  private static void measure(String board, String guest) throws IOException {
    try (Launch first = launch(board, guest, 512 * MIB)) {
      GuestConsole console = new GuestConsole();
      first.machine().port(first.console(), SerialPort.class).connect(console);
      console.when(MARKER, first.machine()::stop);
      assertEquals(StopReason.STOPPED, first.machine().run(new RunLimit(LATE, Long.MAX_VALUE)));
      tell(guest + ", the first fork", List.of(cost(() -> fork(first).close())));
      forks(first, guest);
      resets(first, guest);
      atOnce(first, guest);
      tell(guest + ", 10 ms of the guest in the machine itself", List.of(cost(() -> run(first, 10))));
    }
  }

  private static void forks(Launch first, String guest) {
    List<Double> forks = new ArrayList<>();
    List<Double> runs = new ArrayList<>();
    List<Double> ends = new ArrayList<>();
    for (int i = 0; i < FORKS; i++) {
      Launch[] one = new Launch[1];
      forks.add(cost(() -> one[0] = fork(first)));
      runs.add(cost(() -> run(one[0], 10)));
      ends.add(cost(one[0]::close));
    }
    tell(guest + ", a fork", forks);
    tell(guest + ", its first 10 ms of the guest", runs);
    tell(guest + ", its end", ends);
  }

  private static void resets(Launch first, String guest) {
    List<Double> runs = new ArrayList<>();
    List<Double> resets = new ArrayList<>();
    try (Launch one = fork(first)) {
      String began = one.machine().digest();
      for (int i = 0; i < RESETS; i++) {
        runs.add(cost(() -> run(one, 1)));
        resets.add(cost(one::reset));
      }
      assertEquals(began, one.machine().digest());
    }
    tell(guest + ", 1 ms of the guest", runs);
    tell(guest + ", back from there", resets);
  }

  private static void atOnce(Launch first, String guest) throws IOException {
    long before = written();
    List<Launch> all = new ArrayList<>();
    try {
      for (int i = 0; i < AT_ONCE; i++) {
        all.add(fork(first));
        run(all.getLast(), 1);
      }
      long taken = (written() - before) / MIB;
      System.out.printf("%s, %d forks at once after 1 ms of the guest each: %d MiB%n", guest, AT_ONCE, taken);
      assertTrue(taken < 100 * 512 / 10, () -> taken + " MiB");
    } finally {
      all.forEach(Launch::close);
    }
  }

  /**
   * All pages of memory have something in them. 8 GiB against 512 MiB in a process that may have so much ({@code JAVA_TOOL_OPTIONS=-Xmx10g}), else 2 GiB; in turn, so that what else the computer does is the
   * same for both.
   */
  @Test
  void whatIsTouchedMakesNoFork() {
    long much = Runtime.getRuntime().maxMemory() > 9L << 30 ? 8192 : 2048;
    try (Launch small = touched(512); Launch large = touched(much)) {
      List<Double> few = new ArrayList<>();
      List<Double> many = new ArrayList<>();
      for (int i = -FORKS; i < 2 * FORKS; i++) {
        double one = cost(() -> fork(small).close());
        double other = cost(() -> fork(large).close());
        if (i >= 0) {
          few.add(one);
          many.add(other);
        }
      }
      double least = tell(much + " MiB touched, a fork and its end", many) / tell("512 MiB touched, a fork and its end", few);
      System.out.printf("%d times as much touched memory: %.2f times as long%n", much / 512, least);
      assertTrue(least < 3, () -> least + " times as long");
    }
  }

  private static Launch touched(long mebibytes) {
    byte[] piece = new byte[(int) (16 * MIB)];
    Arrays.fill(piece, (byte) 1);
    Launch first = launch("virt", "tiny", mebibytes * MIB);
    long base = first.platform().memory().getFirst().base();
    // What tiny has at the begin stays.
    for (long at = 16 * MIB; at < mebibytes * MIB; at += piece.length) {
      first.machine().load(base + at, piece, 0, piece.length);
    }
    tell(mebibytes + " MiB touched, the first fork", List.of(cost(() -> fork(first).close())));
    return first;
  }
}
