// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.hotplug;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.xenolith.console.api.SerialPort;
import org.xenolith.history.api.Goal;
import org.xenolith.history.api.MachineHistories;
import org.xenolith.history.api.MachineHistory;
import org.xenolith.history.api.PastMachine;
import org.xenolith.it.guest.GuestConsole;
import org.xenolith.it.guest.InstalledProduct;
import org.xenolith.it.guest.MachineCodeHost;
import org.xenolith.launch.api.Launch;
import org.xenolith.launch.api.LaunchRequest;
import org.xenolith.launch.api.Launcher;
import org.xenolith.launch.kit.RequestBuilder;
import org.xenolith.machine.control.Machine;
import org.xenolith.machine.control.Machine.RunLimit;
import org.xenolith.machine.control.Machine.StopReason;
import org.xenolith.testkit.FullLane;

/** What a Debian's past costs, with four CPUs: prints milliseconds of the processor that this thread had. Moments are drawn when the boot has ended, and each is compared with a run that was left alone. */
@FullLane
class HistoryCostTest {
  private static final String MARKER = "XENOLITH-MARKER";
  private static final long LATE = TimeUnit.SECONDS.toNanos(900);
  private static final int MOMENTS = 20;
  private static final int STEPS = 10;
  private static final int BOOTS = 4;

  @Test
  void withABudgetOf512() {
    measure("512");
  }

  @Test
  void withABudgetOf64() {
    measure("64");
  }

  private static Launch launch(String history) {
    LaunchRequest request = RequestBuilder.of("virt").bootsAgain(true).guest("debian").cpus(4).memory(512L << 20).engine(MachineCodeHost
        .here()
            ? MachineCodeHost.ENGINE
            : "").build();
    if (!history.isEmpty()) {
      request = request.toBuilder().option("history", history).build();
    }
    Launch launch = InstalledProduct.get().service(Launcher.class).launch(request, line -> {}, (kind, place, text) -> {});
    return launch;
  }

  private static void boot(Launch launch) {
    launch.debug(new UnhaltedRun(), line -> {});
    GuestConsole console = new GuestConsole();
    launch.machine().port(launch.console(), SerialPort.class).connect(console);
    console.when(MARKER, launch.machine()::stop);
    assertEquals(StopReason.STOPPED, launch.machine().run(new RunLimit(LATE, Long.MAX_VALUE)));
  }

  private static double cost(Runnable what) {
    long began = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    what.run();
    return (ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - began) / 1e6;
  }

  private static double worst(String what, List<Double> costs) {
    double[] sorted = costs.stream().mapToDouble(Double::doubleValue).sorted().toArray();
    System.out.printf("%s: median %.0f ms, least %.0f, worst %.0f, of %d%n", what, sorted[sorted.length / 2], sorted[0],
        sorted[sorted.length - 1], sorted.length);
    return sorted[sorted.length - 1];
  }

  private static void measure(String budget) {
    long seed = System.nanoTime();
    List<Long> counts;
    List<String> digests = new ArrayList<>();
    boots(budget);
    try (Launch kept = launch(budget)) {
      boot(kept);
      Machine machine = kept.machine();
      MachineHistory history = InstalledProduct.get().service(MachineHistories.class).of(machine).orElseThrow();
      String present = machine.digest();
      System.out.printf("budget %s MiB: %,d instructions, %d checkpoints, %d MiB held%n", budget, machine.instructions(), history
          .checkpoints().size(), history
              .held() >> 20);
      System.out.println(history.checkpoints());
      // The first state stays, whatever it takes.
      assertTrue(history.held() <= history.budget() || history.checkpoints().size() == 1, () -> history.held() + " bytes");
      counts = new Random(seed).longs(MOMENTS, 0, machine.instructions()).sorted().boxed().toList();
      try (Launch other = launch("")) {
        boot(other);
        assertEquals(other.machine().digest(), present, "a past is kept of it");
      }
      try (Launch other = launch("")) {
        other.debug(new UnhaltedRun(), line -> {});
        for (long count : counts) {
          other.machine().run(new RunLimit(Long.MAX_VALUE, count));
          digests.add(other.machine().digest());
        }
      }
      moments(history, counts, digests, seed);
      assertEquals(present, machine.digest(), "the present");
    }
  }

  /** In turn, as the compiler makes later ones quicker. */
  private static void boots(String budget) {
    List<Double> alone = new ArrayList<>();
    List<Double> with = new ArrayList<>();
    for (int i = -1; i < BOOTS; i++) {
      for (boolean kept : new boolean[] {i % 2 == 0, i % 2 != 0}) {
        try (Launch one = launch(kept ? budget : "")) {
          double cost = cost(() -> boot(one));
          if (i >= 0) {
            (kept ? with : alone).add(cost);
          }
        }
      }
    }
    double least = least("a boot", alone);
    System.out.printf("the least of each: %.1f %% more%n", 100 * (least("a boot with a past of " + budget + " MiB", with) / least - 1));
  }

  private static double least(String what, List<Double> costs) {
    worst(what, costs);
    return Collections.min(costs);
  }

  /** Goes to moments, compares each, and says what that costs. */
  static void moments(MachineHistory history, List<Long> counts, List<String> digests, long seed) {
    PastMachine[] made = new PastMachine[1];
    System.out.printf("a machine of the past at the present: %.0f ms%n", cost(() -> made[0] = history.at(new Goal.Exactly(history
        .present()))));
    try (PastMachine past = made[0]) {
      List<Double> back = new ArrayList<>();
      for (int i = 0; i < STEPS; i++) {
        back.add(cost(() -> past.step(-1)));
      }
      worst("an instruction back", back);
      List<Double> backOfOne = new ArrayList<>();
      for (int i = 0; i < STEPS; i++) {
        backOfOne.add(cost(() -> past.step(0, -1)));
      }
      worst("an instruction of a CPU back", backOfOne);
      List<Double> gone = new ArrayList<>();
      for (int i = counts.size() - 1; i >= 0; i--) {
        long count = counts.get(i);
        gone.add(cost(() -> past.go(new Goal.Instruction(count))));
        assertEquals(digests.get(i), past.machine().digest(), () -> "at " + count + ", seed " + seed);
      }
      worst("a moment, backwards", gone);
      gone.clear();
      for (int i = 0; i < counts.size(); i++) {
        long count = counts.get(i);
        gone.add(cost(() -> past.go(new Goal.Instruction(count))));
        assertEquals(digests.get(i), past.machine().digest(), () -> "at " + count + ", seed " + seed);
      }
      worst("a moment, forwards", gone);
    }
  }
}
