// SPDX-License-Identifier: EPL-2.0
package org.xenolith.machine.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.xenolith.arm.api.ArmCpu;
import org.xenolith.arm.api.ArmCpu.Signal;
import org.xenolith.arm.api.ArmEntry;
import org.xenolith.machine.CoreMachine;
import org.xenolith.machine.ToyEngine;
import org.xenolith.machine.ToyMachine;
import org.xenolith.machine.ToyTimer;
import org.xenolith.machine.control.Machine.RunLimit;
import org.xenolith.machine.control.Machine.StopReason;
import org.xenolith.platform.api.Platform.Timing;

final class RunLoopTest {
  private static final long TIMER = 0x9000;
  /** What a called CPU has of a turn of 100 instructions before the next called one. */
  private static final int SHARE = 10;

  private static RunLimit instructions(long count) {
    return new RunLimit(Long.MAX_VALUE, count);
  }

  private static ToyMachine machine(int cpus, ToyEngine.Program program) {
    return new ToyMachine(cpus, new Timing(1000, 100), program).device("/timer@9000", "toy,timer", TIMER)
        .model("toy,timer", ToyTimer::new);
  }

  @Test
  void anInstructionLimitIsExactAndTimeFollows() {
    CoreMachine machine = machine(1, cpu -> {}).build();
    machine.start(new ArmEntry(ToyMachine.RAM, 7));
    assertEquals(StopReason.LIMIT, machine.run(instructions(12_345)));
    assertEquals(12_345, machine.instructions());
    assertEquals(12_345, machine.now());
    assertEquals(ToyMachine.RAM + 4 * 12_345, ToyMachine.cpu(machine, 0).pc);
    assertEquals(7, ToyMachine.cpu(machine, 0).x[0]);
    assertEquals(StopReason.LIMIT, machine.run(new RunLimit(20_000, Long.MAX_VALUE)));
    assertEquals(20_000, machine.now());
  }

  @Test
  void memoryUsedUpOnTheHostIsNobodysBugAndGoesToWhoRunsTheMachine() {
    CoreMachine engine = machine(1, cpu -> {
      throw new OutOfMemoryError("heap");
    }).build();
    engine.start(new ArmEntry(ToyMachine.RAM, 0));
    assertThrows(OutOfMemoryError.class, () -> engine.run(instructions(1000)));
    assertEquals(0, engine.hardware().events.count("internal-fault"));
  }

  @Test
  void anInterruptToACpuThatExecutesIsSeenAtOnce() {
    assertTrue(latency(false) <= SHARE + 2, "instructions from the signal to the other CPU's look: " + latency(false));
  }

  @Test
  void anInterruptToACpuThatWaitsIsSeenAtOnce() {
    assertTrue(latency(true) <= SHARE + 2, "instructions from the signal to the other CPU's look: " + latency(true));
  }

  /** Instructions of the machine between a CPU's signals to two others, in the middle of its turn, and the next instruction of the second. */
  private static long latency(boolean waits) {
    long[] sent = new long[1];
    long[] seen = new long[1];
    CoreMachine[] machine = new CoreMachine[1];
    machine[0] = machine(4, cpu -> {
      if (waits && cpu.index() == 3) {
        cpu.waitForInterrupt();
      }
      if (cpu.index() == 2 && sent[0] == 0 && cpu.pc == ToyMachine.RAM + 4 * 230) {
        sent[0] = machine[0].instructions();
        machine[0].hardware().cpus.get(0).as(ArmCpu.class).signal(Signal.IRQ, true);
        machine[0].hardware().cpus.get(3).as(ArmCpu.class).signal(Signal.IRQ, true);
      } else if (cpu.index() == 3 && sent[0] != 0 && seen[0] == 0) {
        seen[0] = machine[0].instructions();
      }
    }).build();
    machine[0].start(new ArmEntry(ToyMachine.RAM, 0));
    machine[0].hardware().cpus.forEach(cpu -> cpu.as(ArmCpu.class).powerOn(ToyMachine.RAM, 0));
    machine[0].run(instructions(5000));
    assertTrue(sent[0] != 0 && seen[0] != 0);
    return seen[0] - sent[0];
  }

  @Test
  void aMachineThatNobodyStartedIsIdle() {
    assertEquals(StopReason.IDLE, machine(2, cpu -> {}).build().run(RunLimit.NONE));
  }

  @Test
  void anAlarmArmedInASliceFiresOnTheExactInstruction() {
    long[] pcAtFire = new long[1];
    CoreMachine machine = machine(1, cpu -> {
      if (cpu.pc == ToyMachine.RAM + 4 * 10) {
        cpu.env.bus().write(TIMER, 4, 25);
      }
      if (pcAtFire[0] == 0 && (cpu.signals() & 1) != 0) {
        pcAtFire[0] = cpu.pc;
      }
    }).build();
    machine.start(new ArmEntry(ToyMachine.RAM, 0));
    machine.run(instructions(1000));
    // Armed during instruction 10 (10 completed, 10 ns) for 35 ns: before instruction 35.
    assertEquals(ToyMachine.RAM + 4 * 35, pcAtFire[0]);
    assertEquals(35, ToyMachine.cpu(machine, 0).env.bus().read(TIMER + 8, 8));
  }

  @Test
  void aWaitingMachineJumpsToTheNextAlarm() {
    List<Long> wakes = new ArrayList<>();
    CoreMachine machine = machine(1, cpu -> {
      if ((cpu.signals() & 1) != 0) {
        wakes.add(cpu.env.bus().read(TIMER + 8, 8));
        cpu.env.bus().write(TIMER + 4, 4, 0);
      }
      if (wakes.size() == 3) {
        cpu.powerOff();
      } else {
        cpu.env.bus().write(TIMER, 4, 1_000_000);
        cpu.waitForInterrupt();
      }
    }).build();
    machine.start(new ArmEntry(ToyMachine.RAM, 0));
    assertEquals(StopReason.IDLE, machine.run(RunLimit.NONE));
    assertEquals(List.of(1_000_000L, 2_000_000L, 3_000_000L), wakes);
    assertEquals(4, machine.instructions());
    assertEquals(3_000_001L, machine.now());
  }

  @Test
  void cuttingSlicesAnywhereNeverShows() {
    String whole = digestOf(null);
    Random random = new Random(3);
    for (int i = 0; i < 20; i++) {
      assertEquals(whole, digestOf(random));
    }
  }

  private static String digestOf(Random cuts) {
    CoreMachine machine = busy().build();
    machine.start(new ArmEntry(ToyMachine.RAM, 0));
    machine.hardware().cpus.get(1).as(ArmCpu.class).powerOn(ToyMachine.RAM + 0x1000, 1);
    machine.hardware().cpus.get(2).as(ArmCpu.class).powerOn(ToyMachine.RAM + 0x2000, 2);
    while (machine.instructions() < 50_000) {
      long step = cuts == null ? 50_000 : Math.min(50_000, machine.instructions() + 1 + cuts.nextInt(700));
      machine.run(instructions(step));
    }
    return machine.digest();
  }

  /** Three CPUs that write into each other's memory, arm the timer and wait now and then. */
  private static ToyMachine busy() {
    return machine(3, cpu -> {
      long at = ToyMachine.RAM + 0x10_0000 + (cpu.x[1] & 0xFF) * 8;
      cpu.x[1] = cpu.x[1] * 6364136223846793005L + cpu.index() + cpu.env.bus().read(at, 8);
      cpu.env.bus().write(at, 8, cpu.x[1]);
      if ((cpu.x[1] >>> 40 & 0x3F) == 5) {
        cpu.env.bus().write(TIMER, 4, cpu.x[1] >>> 50 & 0x3FF);
      }
      if ((cpu.x[1] >>> 40 & 0xFF) == 7 && cpu.index() == 0) {
        cpu.env.bus().write(TIMER + 4, 4, 0);
        cpu.env.bus().write(TIMER, 4, 300);
        cpu.waitForInterrupt();
      }
    });
  }

  @Test
  void aDifferentRunHasADifferentDigest() {
    CoreMachine machine = busy().build();
    machine.start(new ArmEntry(ToyMachine.RAM, 0));
    machine.run(instructions(1000));
    String before = machine.digest();
    machine.run(instructions(1001));
    assertNotEquals(before, machine.digest());
  }

  @Test
  void stoppingOnTheMachinesThreadIsExact() {
    CoreMachine[] holder = new CoreMachine[1];
    holder[0] = machine(1, cpu -> {
      if (cpu.pc == ToyMachine.RAM + 4 * 77) {
        holder[0].stop();
      }
    }).build();
    holder[0].start(new ArmEntry(ToyMachine.RAM, 0));
    assertEquals(StopReason.STOPPED, holder[0].run(instructions(5000)));
    assertEquals(78, holder[0].instructions());
  }

  @Test
  void powerRequestsEndTheRunAfterTheInstruction() {
    CoreMachine[] holder = new CoreMachine[1];
    holder[0] = machine(1, cpu -> {
      if (cpu.pc == ToyMachine.RAM + 4 * 9) {
        holder[0].hardware().power.port("toy").reset();
        holder[0].hardware().power.port("toy").powerOff();
      }
    }).build();
    holder[0].start(new ArmEntry(ToyMachine.RAM, 0));
    assertEquals(StopReason.RESET, holder[0].run(RunLimit.NONE));
    assertEquals(10, holder[0].instructions());
  }

  @Test
  void theFirstStatusThatEndsTheRunCountsAndIsKept() {
    CoreMachine[] holder = new CoreMachine[1];
    holder[0] = machine(1, cpu -> {
      if (cpu.pc == ToyMachine.RAM + 4 * 9) {
        holder[0].hardware().power.port("toy").exit(-7);
        holder[0].hardware().power.port("toy").exit(8);
        holder[0].hardware().power.port("toy").powerOff();
      }
    }).build();
    assertEquals(OptionalInt.empty(), holder[0].exitStatus());
    holder[0].start(new ArmEntry(ToyMachine.RAM, 0));
    assertEquals(StopReason.EXIT, holder[0].run(RunLimit.NONE));
    assertEquals(10, holder[0].instructions());
    assertEquals(OptionalInt.of(-7), holder[0].exitStatus());
    assertEquals(StopReason.EXIT, holder[0].run(RunLimit.NONE), "it stays so");
    holder[0].start(new ArmEntry(ToyMachine.RAM, 0));
    assertEquals(OptionalInt.empty(), holder[0].exitStatus(), "until it is started again");
  }

  @Test
  void aModelThatThrowsIsTakenOffAndTheMachineGoesOn() {
    long[] read = new long[1];
    CoreMachine machine = machine(1, cpu -> {
      if (cpu.pc == ToyMachine.RAM + 4 * 5) {
        cpu.env.bus().write(TIMER + 12, 4, 1);
      }
      if (cpu.pc == ToyMachine.RAM + 4 * 6) {
        read[0] = cpu.env.bus().read(TIMER, 4);
      }
    }).build();
    machine.start(new ArmEntry(ToyMachine.RAM, 0));
    assertEquals(StopReason.LIMIT, machine.run(instructions(100)));
    assertEquals(0xFFFF_FFFFL, read[0]);
    assertEquals(1, machine.events().get("model-failed"));
    assertTrue(machine.hardware().events.texts().getFirst().contains("/timer@9000: toy.toy,timer 1.0.0"));
    assertEquals("", machine.devices().getFirst().bundle());
  }

  @Test
  void anEngineThatThrowsIsAnInternalFault() {
    CoreMachine machine = machine(1, cpu -> {
      throw new IllegalStateException("engine bug");
    }).build();
    machine.start(new ArmEntry(ToyMachine.RAM, 0));
    assertEquals(StopReason.FAULT, machine.run(RunLimit.NONE));
    assertEquals(1, machine.events().get("internal-fault"));
  }

  @Test
  void postedActionsRunOnTheMachinesThreadAtASafePoint() throws InterruptedException {
    CoreMachine machine = machine(1, cpu -> {}).build();
    machine.start(new ArmEntry(ToyMachine.RAM, 0));
    Thread[] ran = new Thread[1];
    Thread runner = Thread.ofPlatform().start(() -> machine.run(RunLimit.NONE));
    machine.post(() -> {
      ran[0] = Thread.currentThread();
      machine.stop();
    });
    runner.join(20_000);
    assertEquals(runner, ran[0]);
  }

  @Test
  void whoeverAsksForStillnessGetsItWhileTheMachineRuns() throws InterruptedException {
    CoreMachine machine = machine(1, cpu -> {}).build();
    machine.start(new ArmEntry(ToyMachine.RAM, 0));
    Thread runner = Thread.ofPlatform().start(() -> machine.run(RunLimit.NONE));
    for (int i = 0; i < 50; i++) {
      machine.loop().stillness().acquire();
      long at = machine.instructions();
      Thread.onSpinWait();
      assertEquals(at, machine.instructions());
      machine.loop().stillness().release();
    }
    machine.stop();
    runner.join(20_000);
    assertEquals(false, runner.isAlive());
  }

  @Test
  void inputsThatArentTakenAreOfferedAgainInOrder() {
    CoreMachine machine = machine(1, cpu -> {}).build();
    StringBuilder taken = new StringBuilder();
    machine.inputHandler("keys", (place, bytes) -> {
      taken.append((char) bytes[0]);
      return 1;
    });
    machine.input("keys", "/a", "abc".getBytes(StandardCharsets.UTF_8));
    machine.input("keys", "/a", "de".getBytes(StandardCharsets.UTF_8));
    machine.input("none", "/a", new byte[1]);
    machine.start(new ArmEntry(ToyMachine.RAM, 0));
    // Five slices: one CPU has the longest ones.
    machine.run(instructions(1_000_000));
    assertEquals("abcde", taken.toString());
    assertEquals(1, machine.events().get("input-refused"));
  }
}
