// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cpu.a64.regions;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.xenolith.a64.arch.Cpu;
import org.xenolith.a64.graph.Interpreter;
import org.xenolith.testkit.a64.ChangingGuest;
import org.xenolith.testkit.a64.GuestCount;
import org.xenolith.testkit.a64.RandomGuest;
import org.xenolith.testkit.a64.TameGuest;
import org.xenolith.testkit.a64.WatchedGuests;

/** Breakpoints and watchpoints of who looks into a machine: met in translated code exactly when the interpreter meets them. */
class DebugPointsTest {
  private final AtOnce atOnce = new AtOnce();

  @Test
  void theyAreMetInAnyCode() {
    compare(() -> RandomGuest.Shape.NONE, 20, 1_000, 200);
  }

  @Test
  void theyAreMetInLoops() {
    compare(() -> new TameGuest(Covered::is), 20, 3_000, 1_000);
  }

  @Test
  void theyAreMetInCodeThatChangesItself() {
    compare(() -> new ChangingGuest(Covered::is), 30, 3_000, 1_000);
  }

  private void compare(Supplier<RandomGuest.Shape> shape, int guests, int length, int least) {
    int[] counts = new WatchedGuests(Interpreter::on, cpu -> new RegionEngine(cpu.as(Cpu.class), new Translator(false, atOnce), 1), shape)
        .compare(1, GuestCount.of(guests), length);
    System.out.println("points " + counts[0] + ", met " + counts[1]);
    assertTrue(counts[1] > least, "met " + counts[1]);
  }
}
