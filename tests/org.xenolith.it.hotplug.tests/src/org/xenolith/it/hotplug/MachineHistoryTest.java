// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.hotplug;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xenolith.command.api.BadInput;
import org.xenolith.history.api.Arrival;
import org.xenolith.history.api.Goal;
import org.xenolith.history.api.MachineHistories;
import org.xenolith.history.api.MachineHistory;
import org.xenolith.history.api.Moment;
import org.xenolith.history.api.PastMachine;
import org.xenolith.inspect.api.MachineInspector;
import org.xenolith.inspect.api.StopPlace;
import org.xenolith.it.guest.InstalledProduct;
import org.xenolith.launch.api.Launch;
import org.xenolith.launch.api.LaunchRequest;
import org.xenolith.launch.api.Launcher;
import org.xenolith.launch.kit.RequestBuilder;
import org.xenolith.machine.control.Machine;
import org.xenolith.machine.control.Machine.Executed;
import org.xenolith.machine.control.Machine.RunLimit;

/** The past of a machine with four CPUs that boots a kernel: what is found at a moment is what an uninterrupted run has there, and the present machine notices nothing. */
class MachineHistoryTest {
  private static final long END = 50_000_000;
  private static final int CPUS = 4;
  private static final int MOMENTS = 6;

  private static Launch launch(String history) {
    LaunchRequest request = RequestBuilder.of("virt").cpus(CPUS).memory(256L << 20).append("earlycon").build();
    if (!history.isEmpty()) {
      request = request.toBuilder().option("history", history).build();
    }
    Launch launch = InstalledProduct.get().service(Launcher.class).launch(request, line -> {}, (kind, place, text) -> {});
    launch.debug(new UnhaltedRun(), line -> {});
    return launch;
  }

  private static MachineHistory history(Launch launch) {
    return InstalledProduct.get().service(MachineHistories.class).of(launch.machine()).orElseThrow();
  }

  private static void run(Machine machine, long instructions) {
    machine.run(new RunLimit(Long.MAX_VALUE, instructions));
  }

  @Test
  void everyMomentIsWhatAnUninterruptedRunHasThere() {
    long seed = System.nanoTime();
    try (Launch launch = launch("64,every=20"); Launch alone = launch("")) {
      run(launch.machine(), END);
      MachineHistory history = history(launch);
      List<Long> counts = new ArrayList<>(new Random(seed).longs(MOMENTS, 0, END).boxed().toList());
      List<Long> forwards = counts.stream().sorted().toList();
      List<String> digests = new ArrayList<>();
      for (long count : forwards) {
        run(alone.machine(), count);
        digests.add(alone.machine().digest());
      }
      run(alone.machine(), END);
      String whole = alone.machine().digest();
      assertEquals(whole, launch.machine().digest(), "a past is kept of it");
      try (PastMachine past = history.at(new Goal.Exactly(history.present()))) {
        assertEquals(whole, past.machine().digest(), "as the present");
        for (int cpu = 0; cpu < CPUS; cpu++) {
          Executed latest = alone.machine().latest(cpu);
          boolean ever = latest.end() > latest.first();
          assertEquals(ever ? Arrival.Why.THERE : Arrival.Why.FIRST, past.step(cpu, -1).why());
          assertEquals(ever ? latest.end() - 1 : 0, past.moment().instructions(), "the latest of CPU " + cpu);
          past.toPresent();
        }
        for (long count : counts) {
          past.go(new Goal.Instruction(count));
          assertEquals(count, past.moment().instructions());
          assertEquals(digests.get(forwards.indexOf(count)), past.machine().digest(), () -> "at " + count + ", seed " + seed);
        }
        for (int i = MOMENTS - 1; i >= 0; i--) {
          past.go(new Goal.Instruction(forwards.get(i)));
          assertEquals(digests.get(i), past.machine().digest(), "backwards, seed " + seed);
        }
      }
      assertEquals(whole, launch.machine().digest(), "the present");
      assertTrue(history.held() <= history.budget(), () -> history.held() + " bytes");
      run(launch.machine(), END + 1_000_000);
      run(alone.machine(), END + 1_000_000);
      assertEquals(alone.machine().digest(), launch.machine().digest(), "after that");
    }
  }

  /** Forth and back again by a CPU's instructions, and by everybody's. */
  @Test
  void stepsBackUndoSteps() {
    try (Launch launch = launch("512,every=20")) {
      run(launch.machine(), END);
      MachineHistory history = history(launch);
      try (PastMachine past = history.at(new Goal.Instruction(END - 5_000_000))) {
        Moment began = past.moment();
        String digest = past.machine().digest();
        List<Long> places = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
          places.add(address(past, 0));
          assertEquals(Arrival.Why.THERE, past.step(0, 1).why());
        }
        for (int i = 9; i >= 0; i--) {
          assertEquals(Arrival.Why.THERE, past.step(0, -1).why());
          assertEquals(places.get(i), address(past, 0), "step " + i);
        }
        past.go(new Goal.Exactly(began));
        assertEquals(digest, past.machine().digest());
        assertEquals(Arrival.Why.THERE, past.step(1_000).why());
        assertEquals(Arrival.Why.THERE, past.step(-1_000).why());
        assertEquals(digest, past.machine().digest());
        assertEquals(Arrival.Why.PRESENT, past.step(END).why());
        assertEquals(history.present(), past.moment());
        assertEquals(Arrival.Why.FIRST, past.step(-END - 1).why());
        assertEquals(history.first(), past.moment());
      }
    }
  }

  private static long address(PastMachine past, int cpu) {
    return InstalledProduct.get().service(MachineInspector.class).of(past.machine()).processor(cpu).orElseThrow().place().address();
  }

  /** What a run forwards stops at is met backwards in the opposite order. */
  @Test
  void stopsAreMetBackwardsAsForwards() {
    try (Launch launch = launch("512,every=20")) {
      run(launch.machine(), END);
      MachineHistory history = history(launch);
      try (PastMachine past = history.at(new Goal.Instruction(END - 5_000_000))) {
        List<StopPlace> places = List.of(new StopPlace.Instruction(address(past, 0)));
        past.go(new Goal.Instruction(END - 12_000_000));
        List<Moment> met = new ArrayList<>();
        while (met.size() < 6 && past.forwards(places, report -> true).why() == Arrival.Why.STOP) {
          met.add(past.moment());
        }
        assertTrue(met.getFirst().instructions() <= END - 5_000_000, () -> "it was met: " + met);
        past.step(1);
        for (Moment moment : met.reversed()) {
          Arrival back = past.backwards(places, report -> true);
          assertEquals(Arrival.Why.STOP, back.why());
          assertEquals(places.getFirst(), back.reached().getFirst().place());
          assertEquals(moment, past.moment());
        }
        assertEquals(Arrival.Why.FIRST, past.backwards(List.of(new StopPlace.Instruction(4)), report -> true).why());
      }
    }
  }

  private static void write(Machine machine, long address, int value) {
    InstalledProduct.get().service(MachineInspector.class).of(machine).physical().write(address, new byte[] {(byte) value});
  }

  /** What was brought from outside is taken again in the past, each at its moment; also of a run that is recorded, and of one that replays that. */
  @Test
  void whatCameFromOutsideIsTakenAgain(@TempDir Path folder) throws IOException {
    Path journal = folder.resolve("journal");
    String digest;
    List<String> digests = new ArrayList<>();
    try (Launch launch = launch("64,every=2")) {
      Machine machine = launch.machine();
      machine.record(journal);
      long address = launch.platform().memory().getFirst().end() - 1;
      for (int i = 1; i <= 3; i++) {
        run(machine, i * 3_000_000L);
        String before = machine.digest();
        write(machine, address, i);
        assertNotEquals(before, machine.digest());
        run(machine, i * 3_000_000L + 1000);
        digests.add(machine.digest());
      }
      run(machine, 12_000_000);
      digest = machine.digest();
      foundAgain(launch, digests, digest);
    }
    try (Launch replays = launch("64,every=2")) {
      replays.machine().replay(journal);
      run(replays.machine(), 12_000_000);
      assertEquals(digest, replays.machine().digest());
      foundAgain(replays, digests, digest);
    }
  }

  private static void foundAgain(Launch launch, List<String> digests, String digest) {
    MachineHistory history = history(launch);
    assertTrue(history.checkpoints().size() > 4, () -> history.checkpoints().toString());
    try (PastMachine past = history.at(new Goal.Instruction(12_000_000))) {
      assertEquals(digest, past.machine().digest());
      for (int i : new int[] {3, 1, 2}) {
        past.go(new Goal.Instruction(i * 3_000_000L + 1000));
        assertEquals(digests.get(i - 1), past.machine().digest(), "after " + i);
      }
      past.toPresent();
      assertEquals(digest, past.machine().digest());
    }
  }

  @Test
  void whatCanNotBeReachedIsSaid() {
    try (Launch launch = launch("16,every=1")) {
      run(launch.machine(), 3_000_000);
      MachineHistory history = history(launch);
      refused(history, new Goal.Instruction(3_000_001), "beyond the present");
      refused(history, new Goal.Time(Long.MAX_VALUE), "beyond the present");
      refused(history, new Goal.Exactly(new Moment(1_000_000, 5)), "no moment of this run");
      try (PastMachine past = history.at(new Goal.Instruction(1_000_000))) {
        assertThrows(IllegalStateException.class, () -> past.machine().inputNow("memory", "", new byte[1]));
        String digest = past.machine().digest();
        try (Launch what = past.whatIf((kind, place, text) -> {})) {
          assertEquals(digest, what.machine().digest());
          what.machine().load(what.platform().memory().getFirst().base(), new byte[] {1}, 0, 1);
          run(what.machine(), 2_000_000);
        }
        assertEquals(digest, past.machine().digest());
      }
    }
  }

  private static void refused(MachineHistory history, Goal goal, String part) {
    String says = assertThrows(BadInput.class, () -> history.at(goal)).getMessage();
    assertTrue(says.contains(part), says);
  }
}
