// SPDX-License-Identifier: EPL-2.0
package org.xenolith.machine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.xenolith.arm.api.ArmEntry;
import org.xenolith.machine.control.Machine.RunLimit;
import org.xenolith.machine.control.Machine.StopReason;
import org.xenolith.platform.api.Platform.Timing;

@Timeout(60)
class OutsidePaceTest {
  private static final int WAIT = 4_000_000;

  /** A CPU that waits for a timer again and again, or, without one, for ever. */
  private static CoreMachine machine(boolean timer) {
    CoreMachine machine = new ToyMachine(1, new Timing(333, 1000), cpu -> {
      if (timer) {
        cpu.env.bus().write(0x9004, 4, 0);
        cpu.env.bus().write(0x9000, 4, WAIT);
      }
      cpu.waitForInterrupt();
    }).device("/timer@9000", "toy,timer", 0x9000).model("toy,timer", ToyTimer::new).build();
    machine.start(new ArmEntry(ToyMachine.RAM, 0));
    return machine;
  }

  @Test
  void whileTheOutsideIsBusyIdleTimeTakesTheHostsTime() {
    CoreMachine machine = machine(true);
    machine.outside(() -> true);
    long began = System.nanoTime();
    assertEquals(StopReason.LIMIT, machine.run(new RunLimit(20L * WAIT, Long.MAX_VALUE)));
    assertTrue(System.nanoTime() - began > 15L * WAIT, () -> (System.nanoTime() - began) + " ns for " + 20L * WAIT);
  }

  @Test
  void aMachineThatSomebodyOutsideMayWakeDoesNotEndAsIdle() throws Exception {
    CoreMachine machine = machine(false);
    machine.outside(() -> false);
    CompletableFuture<StopReason> run = CompletableFuture.supplyAsync(() -> machine.run(RunLimit.NONE));
    TimeUnit.MILLISECONDS.sleep(50);
    assertFalse(run.isDone(), "it is waited for");
    machine.outside(null);
    assertEquals(StopReason.IDLE, run.get(20, TimeUnit.SECONDS));
  }
}
