// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cpu.a64.machinecode;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.function.BiFunction;
import org.junit.jupiter.api.Test;
import org.xenolith.a64.arch.Cpu;
import org.xenolith.a64.graph.Interpreter;
import org.xenolith.testkit.a64.EngineComparison;
import org.xenolith.testkit.a64.GuestCount;
import org.xenolith.testkit.a64.RandomGuest;

/** Counters that are read in code have the value that the interpreter reads at the same instruction, and trap where they do for it. */
class CountersTest {
  private static final int MRS_X0_CNTVCT = 0xD53B_E040;
  private static final int MRS_X1_CNTPCT = 0xD53B_E021;
  private static final int MSR_CNTKCTL_X3 = 0xD518_E103;
  /** B to two instructions before. */
  private static final int BACK = 0x17FF_FFFE;
  private static final int GUESTS = GuestCount.of(70);

  private static void compare(int length, BiFunction<Cpu, Object, MachineCodeEngine> engine) {
    for (int seed = 1; seed <= GUESTS; seed++) {
      int chosen = seed;
      new EngineComparison(Interpreter::on, cpu -> engine.apply(cpu.as(Cpu.class), null), () -> new CounterGuest(chosen)).compare(seed, 1,
          4,
          length);
    }
  }

  @Test
  void guestsThatReadCountersComeToTheSameState() {
    compare(1000, (cpu, _) -> new MachineCodeEngine(cpu, null));
  }

  @Test
  void lockstepFindsNoDifference() {
    compare(300, (cpu, _) -> new MachineCodeLockstep(cpu, null));
  }

  /** Reads that the device sees when a loop of three instructions is executed a thousand times. */
  private static int reads(int seed, int... program) {
    CounterGuest counters = new CounterGuest(seed);
    RandomGuest guest = new RandomGuest(1, new SmallProgram(program), cpu -> {
      Cpu own = cpu.as(Cpu.class);
      counters.claimed(own);
      return new MachineCodeEngine(own, null);
    });
    guest.runTo(3000, null);
    return counters.reads();
  }

  @Test
  void theDeviceIsAskedOnceForEachCounter() {
    assertEquals(2, reads(0, MRS_X0_CNTVCT, MRS_X1_CNTPCT, BACK));
  }

  @Test
  void aCounterThatIsNotTheTimeIsAskedForEachTime() {
    assertEquals(2000, reads(7, MRS_X0_CNTVCT, MRS_X1_CNTPCT, BACK));
  }

  @Test
  void itIsAskedAgainOnceARegisterWasWritten() {
    assertEquals(1000, reads(0, MRS_X0_CNTVCT, MSR_CNTKCTL_X3, BACK));
  }
}
