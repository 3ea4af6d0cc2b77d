// SPDX-License-Identifier: EPL-2.0
package org.xenolith.a64.graph;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.xenolith.testkit.a64.FlashGuest;
import org.xenolith.testkit.a64.GuestCount;

/** A window that is read directly, and now and then isn't: however the guest is executed, it sees the same. */
class FlashGuestTest {
  private static final int LENGTH = 6000;

  @Test
  void guestsOfAWindowAreDeterministicHoweverTheyAreExecuted() {
    for (long seed = 1; seed <= GuestCount.of(25); seed++) {
      FlashGuest whole = new FlashGuest(seed, Interpreter::on);
      FlashGuest cut = new FlashGuest(seed, Interpreter::on);
      FlashGuest stepped = new FlashGuest(seed, Interpreter::on);
      Random random = new Random(seed);
      for (int end = LENGTH / 3; end <= LENGTH; end += LENGTH / 3) {
        whole.runTo(end, null);
        cut.runTo(end, random);
        cut.restore();
        assertEquals(whole.state(), cut.state(), "cut and restored, seed " + seed);
      }
      for (int end = 1; end <= 500; end++) {
        stepped.runTo(end, null);
      }
      stepped.runTo(LENGTH, null);
      assertEquals(whole.state(), stepped.state(), "instruction by instruction, seed " + seed);
      assertTrue(whole.changes() > 5, "seed " + seed + ": " + whole.changes() + " changes");
    }
  }
}
