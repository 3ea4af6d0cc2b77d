// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.hotplug;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xenolith.console.api.SerialPort;
import org.xenolith.history.api.Goal;
import org.xenolith.history.api.MachineHistories;
import org.xenolith.history.api.MachineHistory;
import org.xenolith.history.api.Moment;
import org.xenolith.history.api.PastMachine;
import org.xenolith.hyp.api.ConsolesPort;
import org.xenolith.hyp.api.HypervisorNode;
import org.xenolith.inspect.api.InspectedMachine;
import org.xenolith.inspect.api.InspectedProcessor;
import org.xenolith.inspect.api.MachineInspector;
import org.xenolith.inspect.api.StopPlace;
import org.xenolith.inspect.api.StopPoint;
import org.xenolith.it.guest.GuestConsole;
import org.xenolith.it.guest.InstalledProduct;
import org.xenolith.it.guest.MachineCodeHost;
import org.xenolith.it.guest.ShellGuest;
import org.xenolith.it.guest.TwoDomains;
import org.xenolith.launch.api.Launch;
import org.xenolith.launch.api.Launcher;
import org.xenolith.launch.kit.RequestBuilder;
import org.xenolith.machine.control.Machine;
import org.xenolith.machine.control.Machine.RunLimit;
import org.xenolith.machine.control.Machine.StopReason;
import org.xenolith.testkit.FullLane;

/**
 * A thousand moments of a boot, drawn when it has ended, each reached backwards and forwards, and compared digest by digest with a run that nobody looked at: Debian with four CPUs, a PC's, and Dom0
 * with two domains.
 */
@FullLane
class ThousandMomentsTest {
  private static final int MOMENTS = Integer.getInteger("xenolith.test.moments", 1000);
  /** With a state each 20 million instructions instead of 150, a moment before the last one is reached in a quarter of the time. */
  private static final String EVERY = ",every=20";
  private static final int STOPS = 10_000;
  private static final int LOOKS = 500;
  private static final long AT_MOST = 20_000;
  private static final long LATE = TimeUnit.SECONDS.toNanos(900);
  private static final String MARKER = "XENOLITH-MARKER";

  @TempDir
  Path folder;

  private static RequestBuilder debian(String board, String guest) {
    return RequestBuilder.of(board).guest(guest).cpus(4).memory(256L << 20).append("quiet cryptomgr.notests").engine(MachineCodeHost.here()
        ? MachineCodeHost.ENGINE : "");
  }

  @Test
  void debianOnArm() {
    moments(debian("virt", "debian"), ThousandMomentsTest::boot, 512);
  }

  @Test
  void debianOnArmWithin64() {
    moments(debian("virt", "debian"), ThousandMomentsTest::boot, 64);
  }

  @Test
  void debianOnAPc() {
    moments(debian("pc-pvh", "debian-amd64-cloud"), ThousandMomentsTest::boot, 512);
  }

  @Test
  void dom0AndTwoDomains() throws IOException {
    moments(TwoDomains.dom0(folder).cpus(2), ThousandMomentsTest::bootDomains, 512);
  }

  private static Launch launch(RequestBuilder request, String history) {
    Launch launch = InstalledProduct.get().service(Launcher.class).launch((history.isEmpty() ? request : request.build().toBuilder().option(
        "history", history)).build(), line -> {}, (kind, place, text) -> {});
    launch.debug(new UnhaltedRun(), line -> {});
    return launch;
  }

  private static void boot(Launch launch) {
    GuestConsole console = new GuestConsole();
    launch.machine().port(launch.console(), SerialPort.class).connect(console);
    console.when(MARKER, launch.machine()::stop);
    assertEquals(StopReason.STOPPED, launch.machine().run(new RunLimit(LATE, Long.MAX_VALUE)));
  }

  /** Runs Dom0 and two domains until all are at their shells. */
  static void bootDomains(Launch launch) {
    int[] left = {TwoDomains.NAMES.size()};
    for (String name : TwoDomains.NAMES) {
      GuestConsole console = new GuestConsole();
      console.when(ShellGuest.PROMPT, () -> {
        if (--left[0] == 0) {
          launch.machine().stop();
        }
      });
      if (name.equals(TwoDomains.NAMES.getFirst())) {
        launch.machine().port(launch.console(), SerialPort.class).connect(console);
      } else {
        launch.machine().port(HypervisorNode.PATH, ConsolesPort.class).follow(name, console::accept);
      }
    }
    assertEquals(StopReason.STOPPED, launch.machine().run(new RunLimit(LATE, Long.MAX_VALUE)));
  }

  private static MachineHistory history(Launch launch) {
    return InstalledProduct.get().service(MachineHistories.class).of(launch.machine()).orElseThrow();
  }

  private static void moments(RequestBuilder request, Consumer<Launch> boots, int budget) {
    long seed = System.nanoTime();
    try (Launch kept = launch(request, budget + EVERY)) {
      boots.accept(kept);
      Machine machine = kept.machine();
      MachineHistory history = history(kept);
      String present = machine.digest();
      List<Long> counts = new Random(seed).longs(MOMENTS, 0, machine.instructions()).sorted().boxed().toList();
      System.out.printf("%s: %,d instructions, budget %d MiB, %d checkpoints, %d MiB held, seed %d%n", request.build(), machine
          .instructions(), budget, history.checkpoints().size(), history.held() >> 20, seed);
      assertTrue(history.held() <= history.budget() || history.checkpoints().size() == 1, () -> history.held() + " bytes");
      Moment last = history.present();
      // On the second core: the machine that nobody looks at has no part in the other's past.
      CompletableFuture<List<String>> alone = CompletableFuture.supplyAsync(() -> alone(request, counts, last, present));
      try (PastMachine past = history.at(new Goal.Exactly(last))) {
        assertEquals(present, past.machine().digest(), "as the present");
        List<String> backwards = digests("backwards", past, counts.reversed()).reversed();
        List<String> forwards = digests("forwards", past, counts);
        List<String> digests = alone.join();
        for (int i = 0; i < MOMENTS; i++) {
          long count = counts.get(i);
          assertEquals(digests.get(i), backwards.get(i), () -> "backwards, at " + count + ", seed " + seed);
          assertEquals(digests.get(i), forwards.get(i), () -> "forwards, at " + count + ", seed " + seed);
        }
      }
      assertEquals(present, machine.digest(), "the present");
    }
  }

  /** The digests of a run without a past. @param present the digest of the one that has it, at its end */
  private static List<String> alone(RequestBuilder request, List<Long> counts, Moment last, String present) {
    try (Launch alone = launch(request, "")) {
      List<String> digests = new ArrayList<>();
      for (long count : counts) {
        alone.machine().run(new RunLimit(Long.MAX_VALUE, count));
        digests.add(alone.machine().digest());
      }
      alone.machine().run(new RunLimit(last.nanoseconds(), last.instructions()));
      assertEquals(alone.machine().digest(), present, "a past is kept of it");
      return digests;
    }
  }

  /** Goes from one to the next, and says how long that took. */
  private static List<String> digests(String how, PastMachine past, List<Long> counts) {
    List<String> digests = new ArrayList<>();
    long[] took = new long[counts.size()];
    for (int i = 0; i < took.length; i++) {
      long began = System.nanoTime();
      past.go(new Goal.Instruction(counts.get(i)));
      took[i] = System.nanoTime() - began;
      digests.add(past.machine().digest());
    }
    Arrays.sort(took);
    System.out.printf("%d moments %s: median %d ms, 99 of 100 within %d, worst %d%n", took.length, how, took[took.length / 2] / 1_000_000,
        took[took.length * 99 / 100] / 1_000_000, took[took.length - 1] / 1_000_000);
    return digests;
  }

  /** Checkpointed, stopped ten thousand times, looked at, gone back in, forked: it comes to what one comes to that was left alone. */
  @Test
  void whoIsLookedAtComesToWhatOneLeftAloneComesTo() {
    RequestBuilder request = debian("virt", "debian");
    Random random = new Random(1);
    try (Launch kept = launch(request, "512"); Launch alone = launch(request, "")) {
      Machine machine = kept.machine();
      MachineHistory history = history(kept);
      InspectedMachine view = InstalledProduct.get().service(MachineInspector.class).of(machine);
      StopPoint point = view.stops().add(new StopPlace.ExceptionTaken(Pattern.compile("")), report -> true);
      for (int stops = 1; stops <= STOPS; stops++) {
        // Where it is halted by a place, or by whoever looks.
        StopReason reason = machine.run(new RunLimit(LATE, machine.instructions() + AT_MOST));
        assertTrue(reason == StopReason.STOPPED ? view.stops().take().size() == 1 : reason == StopReason.LIMIT, reason::toString);
        for (InspectedProcessor cpu : view.processors()) {
          cpu.memory().read(cpu.place().address(), 16);
        }
        if (stops % LOOKS == 0) {
          view.processors().forEach(cpu -> cpu.registers().forEach(register -> cpu.value(register.name())));
          lookBack(history, random);
        }
      }
      point.close();
      long end = machine.instructions() + 50_000_000;
      machine.run(new RunLimit(Long.MAX_VALUE, end));
      alone.machine().run(new RunLimit(Long.MAX_VALUE, end));
      System.out.printf("%,d instructions, %d stops, %d checkpoints%n", end, STOPS, history.checkpoints().size());
      assertEquals(alone.machine().digest(), machine.digest());
    }
  }

  private static void lookBack(MachineHistory history, Random random) {
    try (PastMachine past = history.at(new Goal.Instruction(random.nextLong(history.present().instructions())))) {
      past.step(random.nextInt(4), -1);
      past.step(-1000);
      try (Launch what = past.whatIf((kind, place, text) -> {})) {
        what.machine().run(new RunLimit(Long.MAX_VALUE, what.machine().instructions() + 1_000_000));
      }
    }
  }
}
