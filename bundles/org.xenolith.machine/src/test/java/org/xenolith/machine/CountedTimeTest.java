// SPDX-License-Identifier: EPL-2.0
package org.xenolith.machine;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.xenolith.machine.api.CpuPort;
import org.xenolith.machine.api.SystemRegisterHandler;
import org.xenolith.machine.control.Machine.RunLimit;
import org.xenolith.platform.api.Platform.Timing;

/** When an engine may compute what a counter says, and of what. */
class CountedTimeTest {
  private static CoreMachine machine(int picoseconds, ToyEngine.Program program) {
    CoreMachine machine = new ToyMachine(1, new Timing(picoseconds, 50), program).build();
    machine.start(ToyMachine.RAM, 0);
    return machine;
  }

  private static List<Long> times(int picoseconds) {
    List<Long> times = new ArrayList<>();
    machine(picoseconds, cpu -> times.add(cpu.env.nanoseconds())).run(new RunLimit(Long.MAX_VALUE, 120));
    return times;
  }

  @Test
  void eachInstructionIsANanosecond() {
    List<Long> times = times(1000);
    for (int i = 0; i < 120; i++) {
      assertEquals(i, times.get(i));
    }
  }

  @Test
  void instructionsThatTakeSomethingElseAreNotTheTime() {
    assertEquals(List.of(-1L), times(700).stream().distinct().toList());
  }

  @Test
  void whoWatchesHearsOfEachRead() {
    CoreMachine machine = machine(1000, cpu -> {});
    GuardedRegisters registers = new GuardedRegisters("/timer", new SystemRegisterHandler() {
      @Override
      public long read(CpuPort cpu, int id) {
        return 0;
      }

      @Override
      public void write(CpuPort cpu, int id, long value) {}

      @Override
      public long frequency(int id) {
        return id;
      }
    }, machine.hardware(), bug -> {
      throw new AssertionError(bug);
    });
    assertEquals(5, registers.frequency(5));
    machine.watch(new WatchTest.Notes());
    assertEquals(0, registers.frequency(5));
  }

  @Test
  void aModelThatThrowsIsToldOfAndCountsNothing() {
    List<Throwable> told = new ArrayList<>();
    GuardedRegisters registers = new GuardedRegisters("/timer", new SystemRegisterHandler() {
      @Override
      public long read(CpuPort cpu, int id) {
        return 0;
      }

      @Override
      public void write(CpuPort cpu, int id, long value) {}

      @Override
      public long frequency(int id) {
        throw new IllegalStateException("a bug");
      }
    }, machine(1000, cpu -> {}).hardware(), told::add);
    assertEquals(0, registers.frequency(5));
    assertEquals("a bug", told.getFirst().getMessage());
  }
}
