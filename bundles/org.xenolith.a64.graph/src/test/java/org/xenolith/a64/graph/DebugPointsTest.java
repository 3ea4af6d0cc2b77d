// SPDX-License-Identifier: EPL-2.0
package org.xenolith.a64.graph;

import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.xenolith.testkit.a64.ChangingGuest;
import org.xenolith.testkit.a64.GuestCount;
import org.xenolith.testkit.a64.RandomGuest;
import org.xenolith.testkit.a64.WatchedGuests;

/** Breakpoints and watchpoints of who looks into a machine, in the interpreter. */
class DebugPointsTest {
  @Test
  void theyAreMetWhenTheirInstructionIsNext() {
    int[] counts = new WatchedGuests(Interpreter::on, Interpreter::on, () -> RandomGuest.Shape.NONE).compare(1, GuestCount.of(20), 1_000);
    System.out.println("random guests: points " + counts[0] + ", met " + counts[1]);
    assertTrue(counts[1] > 500, "met " + counts[1]);
  }

  @Test
  void theyAreMetInCodeThatChangesItself() {
    int[] counts = new WatchedGuests(Interpreter::on, Interpreter::on, () -> new ChangingGuest(insn -> true)).compare(1, GuestCount.of(20),
        1_000);
    System.out.println("changing guests: points " + counts[0] + ", met " + counts[1]);
    assertTrue(counts[1] > 500, "met " + counts[1]);
  }
}
