// SPDX-License-Identifier: EPL-2.0
package org.xenolith.machine;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.xenolith.arm.api.ArmEntry;
import org.xenolith.machine.control.Machine.RunLimit;
import org.xenolith.platform.api.Platform.Timing;

/** When an engine may compute what a counter says, and of what. */
class CountedTimeTest {
  private static CoreMachine machine(int picoseconds, ToyEngine.Program program) {
    CoreMachine machine = new ToyMachine(1, new Timing(picoseconds, 50), program).build();
    machine.start(new ArmEntry(ToyMachine.RAM, 0));
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
}
