// SPDX-License-Identifier: EPL-2.0
package org.xenolith.machine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xenolith.a64.arch.Cpu;
import org.xenolith.arm.api.ArmCpu;
import org.xenolith.arm.api.ArmEntry;
import org.xenolith.machine.api.CpuPort;
import org.xenolith.machine.control.Machine.RunLimit;
import org.xenolith.machine.control.Machine.StopReason;
import org.xenolith.machine.watch.ExitKind;
import org.xenolith.machine.watch.MachineWatcher;
import org.xenolith.platform.api.Platform.Timing;

/** A machine that is watched does the same, and tells all of it. */
final class WatchTest {
  private static final RunLimit END = new RunLimit(Long.MAX_VALUE, 100_000);
  private static final int PERIOD = 997;

  /** Writes down what it is told. */
  static class Notes implements MachineWatcher {
    final long period;
    final Map<Integer, List<Long>> samples = new TreeMap<>();
    final Map<String, Integer> exits = new TreeMap<>();
    long time;
    int open;
    boolean closed;

    Notes() {
      this(PERIOD);
    }

    Notes(long period) {
      this.period = period;
    }

    @Override
    public long period() {
      return period;
    }

    @Override
    public void sample(CpuPort cpu, long instructions, long nanoseconds, long inExits) {
      assertTrue(nanoseconds >= inExits && inExits >= 0, nanoseconds + " " + inExits);
      samples.computeIfAbsent(cpu.index(), index -> new ArrayList<>()).add(instructions);
    }

    @Override
    public void exitBegins(ExitKind kind, String place, long now) {
      exits.merge(kind.text() + ' ' + place, 1, Integer::sum);
      open++;
      assertTrue(now >= time);
      time = now;
    }

    @Override
    public void exitEnds(long now) {
      open--;
      assertTrue(now >= time);
      time = now;
    }

    @Override
    public void exception(CpuPort cpu, String what) {}

    @Override
    public void translated(long instructions, String wayOut) {}

    @Override
    public void closed() {
      closed = true;
    }
  }

  /** Two CPUs that use a timer and depend on what they read; the one that it interrupts waits for it. */
  private static CoreMachine machine() {
    CoreMachine machine = new ToyMachine(2, new Timing(700, 50), cpu -> {
      cpu.x[1] = cpu.x[1] * 6364136223846793005L + cpu.index() + 7;
      if ((cpu.x[1] >>> 33 & 0x7F) == 5) {
        cpu.env.bus().write(0x9000, 4, cpu.x[1] >>> 50 & 0xFFF);
        cpu.x[1] ^= cpu.env.bus().read(0x9008, 8);
      }
      if (cpu.index() == 0 && (cpu.x[1] >>> 40 & 0x3FF) == 7) {
        cpu.env.bus().write(0x9004, 4, 0);
        cpu.env.bus().write(0x9000, 4, 500);
        cpu.waitForInterrupt();
      }
    }).device("/timer@9000", "toy,timer", 0x9000).model("toy,timer", ToyTimer::new).build();
    machine.start(new ArmEntry(ToyMachine.RAM, 0));
    machine.hardware().cpus.getLast().as(ArmCpu.class).powerOn(ToyMachine.RAM, 0);
    return machine;
  }

  private static String digestUnwatched() {
    CoreMachine machine = machine();
    machine.run(END);
    return machine.digest();
  }

  @Test
  void samplesComeExactlyEverySoManyInstructionsOfACpuAndChangeNothing() {
    CoreMachine machine = machine();
    Notes notes = new Notes();
    machine.watch(notes);
    machine.run(END);
    assertEquals(digestUnwatched(), machine.digest());
    assertEquals(2, notes.samples.size());
    notes.samples.values().forEach(each -> each.forEach(instructions -> assertEquals(PERIOD, instructions)));
    long sampled = notes.samples.values().stream().mapToLong(List::size).sum() * PERIOD;
    assertTrue(sampled > END.instructions() - 2 * PERIOD && sampled <= END.instructions(), "sampled: " + sampled);
  }

  @Test
  void aStepEndsTheRunBehindOneInstructionOfItsCpuAndChangesNothing() {
    CoreMachine machine = machine();
    machine.run(new RunLimit(Long.MAX_VALUE, 1000));
    for (int i = 0; machine.instructions() < 90_000; i++) {
      // The first waits for ever in the end.
      int stepped = i < 60 ? i & 1 : 1;
      long before = ToyMachine.cpu(machine, stepped).x[1];
      long address = ToyMachine.cpu(machine, stepped).pc;
      machine.step(stepped);
      assertEquals(StopReason.STOPPED, machine.run(END));
      assertNotEquals(before, ToyMachine.cpu(machine, stepped).x[1]);
      assertEquals(address + 4, ToyMachine.cpu(machine, stepped).pc);
      machine.run(new RunLimit(Long.MAX_VALUE, machine.instructions() + 501));
    }
    assertEquals(StopReason.LIMIT, machine.run(END), "a step is of one run");
    assertEquals(digestUnwatched(), machine.digest());
    assertThrows(IllegalArgumentException.class, () -> machine.step(2));
  }

  @Test
  void exitsAreToldByKindAndPlaceAndEnd() {
    CoreMachine machine = machine();
    Notes notes = new Notes();
    machine.watch(notes);
    machine.run(END);
    assertEquals(List.of("alarm /timer@9000", "read /timer@9000", "write /timer@9000"), List.copyOf(notes.exits.keySet()));
    assertTrue(notes.exits.get("read /timer@9000") > 100, notes.exits::toString);
    assertEquals(0, notes.open);
    machine.close();
    assertTrue(notes.closed);
  }

  @Test
  void watchingMayBeginAndEndInTheMiddle() {
    CoreMachine machine = machine();
    Notes notes = new Notes();
    machine.run(new RunLimit(Long.MAX_VALUE, 33_333));
    machine.watch(notes);
    machine.run(new RunLimit(Long.MAX_VALUE, 66_666));
    machine.forget(notes);
    String told = notes.samples.toString();
    machine.run(END);
    assertTrue(notes.samples.size() > 0);
    assertEquals(told, notes.samples.toString());
    assertEquals(digestUnwatched(), machine.digest());
  }

  @Test
  void enginesAreMadeAnewForWhoHearsOfTranslatedCodeOnly() {
    int[] closed = {0};
    CoreMachine machine = new ToyMachine(1, new Timing(700, 50), new ToyEngine.Program() {
      @Override
      public void step(Cpu cpu) {}

      @Override
      public void closed() {
        closed[0]++;
      }
    }).build();
    Notes looks = new Notes() {
      @Override
      public boolean wantsTranslated() { return false; }
    };
    Notes hears = new Notes();
    machine.watch(looks);
    machine.forget(looks);
    assertEquals(0, closed[0], "what it has translated stays");
    machine.watch(looks);
    machine.watch(hears);
    machine.watch(new Notes());
    assertEquals(1, closed[0], "it is told from now on");
    machine.forget(looks);
    machine.forget(hears);
    assertEquals(1, closed[0], "one hears still");
  }

  @Test
  void eachOfSeveralHasSamplesOfItsOwn() {
    CoreMachine machine = machine();
    Notes often = new Notes(101);
    Notes seldom = new Notes(5003);
    machine.watch(often);
    machine.watch(seldom);
    machine.run(new RunLimit(Long.MAX_VALUE, 50_000));
    machine.forget(often);
    int told = often.samples.get(0).size();
    machine.run(END);
    assertEquals(digestUnwatched(), machine.digest());
    assertEquals(told, often.samples.get(0).size());
    for (Notes notes : List.of(often, seldom)) {
      notes.samples.values().forEach(each -> each.forEach(instructions -> assertEquals(notes.period, instructions)));
      long sampled = notes.samples.values().stream().mapToLong(List::size).sum() * notes.period;
      long all = notes == often ? 50_000 : END.instructions();
      assertTrue(sampled > all - 2 * notes.period && sampled <= all, "sampled: " + sampled);
    }
    assertTrue(often.exits.get("read /timer@9000") < seldom.exits.get("read /timer@9000"));
  }

  @Test
  void oneThatThrowsIsToldNothingMoreAndTheMachineGoesOn() {
    CoreMachine machine = machine();
    machine.watch(new Notes() {
      @Override
      public void exitBegins(ExitKind kind, String place, long now) {
        throw new IllegalStateException("a bug");
      }
    });
    machine.run(END);
    assertEquals(digestUnwatched(), machine.digest());
    assertEquals(1, machine.events().get("watcher-failed"));
    assertNull(machine.events().get("model-failed"));
  }

  @Test
  void flightRecorderHasExitsWhenARecordingAsksForThem(@TempDir Path folder) throws Exception {
    CoreMachine machine = machine();
    Path file = folder.resolve("exits.jfr");
    try (Recording recording = new Recording()) {
      recording.enable("org.xenolith.Exit");
      recording.start();
      machine.run(END);
      recording.stop();
      recording.dump(file);
    }
    List<RecordedEvent> events = RecordingFile.readAllEvents(file);
    assertTrue(events.stream().anyMatch(e -> e.getString("kind").equals("read") && e.getString("place").equals("/timer@9000")
        && e.getDuration().toNanos() > 0), () -> events.size() + " events");
    assertEquals(digestUnwatched(), machine.digest());
  }
}
