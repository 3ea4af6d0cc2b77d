// SPDX-License-Identifier: EPL-2.0
package org.xenolith.machine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xenolith.arm.api.ArmCpu;
import org.xenolith.arm.api.ArmCpu.Signal;
import org.xenolith.arm.api.ArmEntry;
import org.xenolith.machine.api.AccessRule;
import org.xenolith.machine.api.Alarm;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.machine.api.MmioHandler;
import org.xenolith.machine.api.PortState;
import org.xenolith.machine.control.Machine;
import org.xenolith.machine.control.Machine.RunLimit;
import org.xenolith.machine.control.Machine.StopReason;
import org.xenolith.machine.offers.ModelOffer;
import org.xenolith.machine.places.DeviceSlot;
import org.xenolith.machine.places.KeptState;
import org.xenolith.platform.api.Platform.Timing;
import org.xenolith.regs.DeviceState;
import org.xenolith.regs.LongCell;
import org.xenolith.regs.StateRecord;

final class ResetTest {
  private static final long TIMER = 0x9000;
  private static final long SWITCH = 0xA000;
  private static final long RAM = ToyMachine.RAM;
  /** Instructions that a guest executes until it resets the machine. */
  private static final int LIFE = 1000;

  @TempDir
  Path folder;
  private final List<String> events = new ArrayList<>();
  private int boots;

  /** What the outside and the machine each have at a place. */
  public static final class TwoSides implements PortState {
    private final DeviceState state = new DeviceState();
    final LongCell machines = state.cell("machines", 5);
    final LongCell outsides = state.cell("outsides", 6);

    @Override
    public DeviceState state() {
      return state;
    }

    @Override
    public void machineReset() {
      machines.value = 5;
      throw new IllegalStateException("what it held can't be written");
    }
  }

  /** Resets the machine when 1 is written, switches it off for 2; its reset may be broken. */
  private static final class Switch implements DeviceModel, MmioHandler {
    private final DeviceState state = new DeviceState();
    private final LongCell count = state.cell("count", 0);
    private final DeviceContext context;
    private final boolean breaks;
    private boolean used;

    Switch(DeviceContext context, boolean breaks) {
      this.context = context;
      this.breaks = breaks;
      context.bus().window(0, AccessRule.ANY, this);
      // Never cancelled by the model itself
      Alarm alarm = context.time().alarm("forgotten", () -> count.value = 99);
      if (!breaks) {
        alarm.at(1_500_000_000L);
      }
    }

    @Override
    public DeviceState state() {
      return state;
    }

    @Override
    public void reset() {
      if (breaks && used) {
        throw new IllegalStateException("no reset");
      }
      state.reset();
    }

    @Override
    public long read(long offset, int size) {
      return count.value;
    }

    @Override
    public void write(long offset, int size, long value) {
      used = true;
      count.value++;
      if (value == 2) {
        context.power().powerOff();
      } else {
        context.power().reset("the toy wants it");
      }
    }
  }

  /** A guest that leaves traces everywhere and resets the machine after a thousand instructions of its first CPU. */
  private static ToyMachine toy(int cpus, boolean breaks) {
    return new ToyMachine(cpus, new Timing(1000, 100), cpu -> {
      var bus = cpu.env.bus();
      cpu.x[1]++;
      cpu.x[2] = cpu.x[2] * 6364136223846793005L + bus.read(RAM + (cpu.x[1] & 0xFF) * 8, 8) + cpu.x[1];
      bus.write(RAM + (cpu.x[1] & 0xFF) * 8, 8, cpu.x[2]);
      if (cpu.index() == 0 && cpu.x[1] == 10) {
        bus.write(TIMER, 4, 40);
        cpu.env.cpus().getLast().powerOn(RAM, 0);
      }
      if (cpu.index() == 0 && cpu.x[1] == LIFE) {
        bus.write(TIMER, 4, 3_000_000_000L);
        bus.write(SWITCH, 4, 1);
      }
    }).device("/timer@9000", "toy,timer", TIMER).device("/switch@a000", "toy,switch", SWITCH)
        .model("toy,timer", ToyTimer::new).model("toy,switch", context -> new Switch(context, breaks));
  }

  private void boot(CoreMachine machine) {
    boots++;
    machine.load(RAM + 0x1000, new byte[] {1, 2, 3}, 0, 3);
    machine.start(new ArmEntry(RAM, 7));
  }

  /** A machine that was booted, and boots again. */
  private CoreMachine booted(ToyMachine toy) {
    CoreMachine machine = toy.build();
    machine.eventListener((kind, place, text) -> events.add(kind + " " + place + ": " + text));
    machine.onReset(() -> boot(machine));
    boot(machine);
    return machine;
  }

  private static RunLimit instructions(long count) {
    return new RunLimit(Long.MAX_VALUE, count);
  }

  @Test
  void withoutWhoBootsItAResetEndsTheRunAndLeavesTheMachineAsItWas() {
    CoreMachine machine = booted(toy(1, false));
    assertTrue(machine.onReset(null) != null);
    assertNull(machine.onReset(null));
    assertEquals(StopReason.RESET, machine.run(RunLimit.NONE));
    assertEquals(LIFE, machine.instructions());
    String told = "machine-reset /switch@a000: the toy wants it; at instruction 1000";
    assertEquals(1, events.stream().filter(event -> event.startsWith(told)).count(), events::toString);
    String digest = machine.digest();
    assertEquals(StopReason.RESET, machine.run(RunLimit.NONE));
    assertEquals(digest, machine.digest());
    assertEquals(1, boots);
    assertEquals(1, events.stream().filter(event -> event.startsWith("machine-reset")).count(), events::toString);
    machine.onReset(() -> boot(machine));
    assertEquals(StopReason.LIMIT, machine.run(instructions(LIFE + 1)));
    assertEquals(2, boots);
  }

  @Test
  void afterAResetAllIsAsAtPowerOnButForTheTime() {
    CoreMachine fresh = toy(2, false).build();
    CoreMachine machine = toy(2, false).build();
    machine.onReset(machine::stop);
    machine.eventListener((kind, place, text) -> events.add(kind + " " + place + ": " + text));
    boot(machine);
    TwoSides port = machine.port("/timer@9000", TwoSides.class);
    port.machines.value = 50;
    port.outsides.value = 60;
    assertEquals(StopReason.STOPPED, machine.run(RunLimit.NONE));
    long reached = machine.now();
    assertTrue(reached >= LIFE + Machine.RESET_NANOSECONDS, reached + " ns");
    assertEquals(5, port.machines.value);
    assertEquals(60, port.outsides.value);
    assertTrue(events.contains("close-failed /timer@9000: what it held can't be written"), events.toString());
    assertArrayEquals(new byte[0x2000], machine.peek(RAM, 0x2000));
    for (int i = 0; i < 2; i++) {
      assertArrayEquals(fresh.hardware().cpus.get(i).state().save().toBytes(), machine.hardware().cpus.get(i).state().save().toBytes());
    }
    for (DeviceSlot slot : machine.hardware().slots) {
      KeptState kept = slot.capture();
      assertEquals(List.of(), kept.alarms(), slot.instance());
      assertEquals("[0]", kept.record().values().values().stream().distinct().toList().toString(), slot.instance());
    }
    assertEquals(List.of(), machine.hardware().fabric.high());
    assertEquals(Long.MAX_VALUE, machine.hardware().queue.next());
    assertFalse(machine.hardware().cpus.getLast().powered());
  }

  @Test
  void itBootsAgainAndAgainAndSaysSo() {
    CoreMachine machine = booted(toy(1, false));
    assertEquals(StopReason.LIMIT, machine.run(instructions(3 * LIFE + 5)));
    assertEquals(4, boots);
    assertEquals(3, machine.events().get("machine-reset"));
    assertEquals("machine-reset /switch@a000: the toy wants it; at instruction 1000, 0.000001000 s of virtual time", events.getFirst());
    assertEquals(3 * (LIFE + Machine.RESET_NANOSECONDS) + 5, machine.now());
    assertEquals(5, ToyMachine.cpu(machine, 0).x[1]);
    assertArrayEquals(new byte[] {1, 2, 3, 0}, machine.peek(RAM + 0x1000, 4));
  }

  @Test
  void whereARunIsCutDoesntShow() {
    CoreMachine straight = booted(toy(2, false));
    straight.run(instructions(9 * LIFE));
    CoreMachine cut = booted(toy(2, false));
    for (long at = 1; at < 9 * LIFE; at += 37) {
      cut.run(instructions(at));
    }
    cut.run(instructions(9 * LIFE));
    assertEquals(straight.digest(), cut.digest());
    assertEquals(straight.events(), cut.events());
  }

  @Test
  void aGuestThatResetsForEverComesToTheEndOfItsTime() {
    CoreMachine machine = new ToyMachine(1, new Timing(1000, 100), cpu -> cpu.env.bus().write(SWITCH, 4, 1))
        .device("/switch@a000", "toy,switch", SWITCH).model("toy,switch", context -> new Switch(context, false)).build();
    machine.onReset(() -> boot(machine));
    boot(machine);
    assertEquals(StopReason.LIMIT, machine.run(new RunLimit(20_000_000_000L, Long.MAX_VALUE)));
    assertEquals(20, boots);
    assertEquals(20_000_000_000L, machine.now());
    assertEquals(StopReason.LIMIT, machine.run(instructions(25)));
    machine.onReset(() -> {
      boot(machine);
      machine.stop();
    });
    assertEquals(StopReason.STOPPED, machine.run(RunLimit.NONE));
  }

  @Test
  void aModelWhoseResetIsBrokenIsOffTheBusAndTheOthersGoOn() {
    CoreMachine machine = booted(toy(1, true));
    assertEquals(StopReason.LIMIT, machine.run(instructions(2 * LIFE)));
    assertEquals(2, boots);
    assertTrue(events.toString().contains("model-failed /switch@a000: toy.toy,switch 1.0.0: java.lang.IllegalStateException: no reset"),
        events
            .toString());
    assertEquals(List.of("", "toy"), machine.devices().stream().map(Machine.DeviceFact::model).sorted().toList());
  }

  @Test
  void whatIsKeptOfADeviceThatWasRemovedIsWorthNothingAfterAReset() {
    ToyMachine toy = toy(1, false);
    CoreMachine machine = booted(toy);
    machine.run(instructions(LIFE / 2));
    DeviceSlot timer = machine.hardware().slots.stream().filter(slot -> slot.instance().equals("/timer@9000")).findFirst().orElseThrow();
    ModelOffer offer = timer.offer();
    timer.detach();
    assertNotEquals(null, timer.capture());
    machine.run(instructions(LIFE + 5));
    assertNull(timer.capture());
    timer.revive(offer, false);
    assertEquals(0L, timer.capture().record().values().get("count"));
  }

  @Test
  void whoCantBootItEndsTheRun() {
    CoreMachine machine = booted(toy(1, false));
    machine.onReset(() -> {
      throw new IllegalArgumentException("no kernel");
    });
    assertEquals(StopReason.RESET, machine.run(RunLimit.NONE));
    assertTrue(events.contains("reset-failed machine: it can't be booted again: no kernel"), events.toString());
    assertEquals(StopReason.IDLE, machine.run(RunLimit.NONE));
  }

  @Test
  void aReplayResetsWhereTheRecordedRunDid() throws Exception {
    Path journal = folder.resolve("run.journal");
    CoreMachine recorded = booted(toy(2, false));
    recorded.inputHandler("toy", (place, bytes) -> {
      ToyMachine.cpu(recorded, 0).x[2] += bytes[0];
      return bytes.length;
    });
    recorded.record(journal);
    for (int i = 1; i <= 4; i++) {
      recorded.run(instructions(1500L * i));
      recorded.input("toy", "/timer@9000", new byte[] {(byte) i});
    }
    recorded.run(instructions(9 * LIFE));
    String digest = recorded.digest();
    recorded.close();
    assertTrue(Files.readString(journal).contains(" reset\n"), Files.readString(journal));

    CoreMachine replayed = booted(toy(2, false));
    replayed.inputHandler("toy", (place, bytes) -> {
      ToyMachine.cpu(replayed, 0).x[2] += bytes[0];
      return bytes.length;
    });
    replayed.replay(journal);
    assertEquals(StopReason.LIMIT, replayed.run(instructions(9 * LIFE)), events::toString);
    assertEquals(digest, replayed.digest());

    CoreMachine stopping = booted(toy(2, false));
    stopping.onReset(null);
    stopping.replay(journal);
    assertEquals(StopReason.FAULT, stopping.run(instructions(9 * LIFE)));
    assertTrue(events.getLast().contains("which nothing boots again; the journal goes on"), events.getLast());

    // A journal of a run that ended at its reset ends there, whoever could boot the machine again.
    Path ended = folder.resolve("ended.journal");
    CoreMachine ending = booted(toy(1, false));
    ending.onReset(null);
    ending.record(ended);
    assertEquals(StopReason.RESET, ending.run(RunLimit.NONE));
    ending.close();
    CoreMachine able = booted(toy(1, false));
    able.replay(ended);
    assertEquals(StopReason.RESET, able.run(instructions(9 * LIFE)));
    assertEquals(LIFE, able.instructions());

    CoreMachine other = new ToyMachine(2, new Timing(1000, 100), cpu -> {}).device("/timer@9000", "toy,timer", TIMER)
        .device("/switch@a000", "toy,switch", SWITCH).model("toy,timer", ToyTimer::new).model("toy,switch", c -> new Switch(c, false))
        .build();
    other.eventListener((kind, place, text) -> events.add(kind + " " + place + ": " + text));
    boot(other);
    other.replay(journal);
    assertEquals(StopReason.FAULT, other.run(instructions(9 * LIFE)));
    assertTrue(events.getLast().contains("the guest resets the machine here in the journal, and doesn't"), events.getLast());
  }

  @Test
  void aSnapshotHoldsAResetThatIsDueAndOneAfterAResetGoesOn() throws Exception {
    CoreMachine straight = booted(toy(2, false));
    straight.run(instructions(5 * LIFE));
    for (long at : new long[] {LIFE / 2, LIFE + 400, 2 * LIFE + 900}) {
      CoreMachine first = booted(toy(2, false));
      first.run(instructions(at));
      first.save(folder.resolve("at" + at));
      CoreMachine second = toy(2, false).build();
      second.onReset(() -> boot(second));
      second.restore(folder.resolve("at" + at));
      second.run(instructions(5 * LIFE));
      assertEquals(straight.digest(), second.digest(), "saved at " + at);
    }
    CoreMachine due = booted(toy(2, false));
    due.onReset(null);
    assertEquals(StopReason.RESET, due.run(RunLimit.NONE));
    due.save(folder.resolve("due"));
    CoreMachine later = toy(2, false).build();
    later.restore(folder.resolve("due"));
    assertEquals(StopReason.RESET, later.run(RunLimit.NONE));
    later.onReset(() -> boot(later));
    later.run(instructions(5 * LIFE));
    assertEquals(straight.digest(), later.digest());
  }

  @Test
  void aSnapshotFromBeforeThereWereRequestsInItLoads() throws Exception {
    CoreMachine machine = booted(toy(1, false));
    machine.run(instructions(LIFE / 2));
    machine.save(folder.resolve("new"));
    assertTrue(Files.readString(folder.resolve("new/state.txt"), StandardCharsets.UTF_8).contains("power.request"));
    StateRecord record = new StateRecord();
    machine.hardware().state.save().values().forEach((name, value) -> {
      if (!name.startsWith("power.")) {
        record.put(name, value);
      }
    });
    machine.hardware().power.port("toy").powerOff();
    machine.hardware().state.restore(record);
    assertEquals(StopReason.LIMIT, machine.run(instructions(LIFE / 2 + 1)));
  }

  @Test
  void aLimitWithinTheTimeOfAResetIsExactAndASnapshotCanBeMadeThere() throws Exception {
    CoreMachine straight = booted(toy(1, false));
    straight.run(instructions(2 * LIFE + 7));
    CoreMachine machine = booted(toy(1, false));
    assertEquals(StopReason.LIMIT, machine.run(new RunLimit(500_000_000L, Long.MAX_VALUE)));
    assertEquals(500_000_000L, machine.now());
    assertEquals(LIFE, machine.instructions());
    assertFalse(machine.hardware().cpus.getFirst().powered());
    machine.save(folder.resolve("within"));
    CoreMachine second = toy(1, false).build();
    second.onReset(() -> boot(second));
    second.restore(folder.resolve("within"));
    assertEquals(StopReason.LIMIT, second.run(instructions(2 * LIFE + 7)));
    assertEquals(straight.digest(), second.digest());
    machine.onReset(null);
    assertEquals(StopReason.RESET, machine.run(RunLimit.NONE));
    assertEquals(LIFE + Machine.RESET_NANOSECONDS, machine.now());
  }

  @Test
  void aCpuThatIsSignalledAtTheResetHearsNothingAfterIt() {
    CoreMachine machine = booted(toy(1, false));
    machine.hardware().cpus.getFirst().as(ArmCpu.class).signal(Signal.VIRQ, true);
    machine.onReset(machine::stop);
    machine.run(RunLimit.NONE);
    assertEquals(0, ToyMachine.cpu(machine, 0).signals());
  }
}
