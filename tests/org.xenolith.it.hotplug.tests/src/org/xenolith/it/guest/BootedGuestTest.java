// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.guest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import org.junit.jupiter.api.Test;
import org.xenolith.launch.api.Launch;
import org.xenolith.machine.control.Machine;
import org.xenolith.machine.control.Machine.RunLimit;
import org.xenolith.platform.api.AddressWindow;

/** Whatever a test does to its fork, the next one's begins where all begin, and comes to the same. */
class BootedGuestTest {
  private static final int SPOILT = 1 << 20;

  private static String after(Launch launch) {
    Machine machine = launch.machine();
    machine.run(new RunLimit(Long.MAX_VALUE, BootedGuest.BOOTED + 1_000_000));
    return machine.digest();
  }

  @Test
  void whoSpoilsAnArmMachinesMemoryLeavesNoTraceInTheNext() {
    spoilsIt("virt");
  }

  @Test
  void whoSpoilsAPcsMemoryLeavesNoTraceInTheNext() {
    spoilsIt("pc-pvh");
  }

  private static void spoilsIt(String board) {
    String begins;
    String ends;
    try (Launch first = BootedGuest.fork(board)) {
      assertEquals(BootedGuest.BOOTED, first.machine().instructions());
      begins = first.machine().digest();
      ends = after(first);
    }
    try (Launch spoilt = BootedGuest.fork(board)) {
      for (AddressWindow memory : spoilt.platform().memory()) {
        spoilt.machine().load(memory.base(), new byte[SPOILT], 0, SPOILT);
      }
      assertNotEquals(begins, spoilt.machine().digest());
      try (Launch beside = BootedGuest.fork(board)) {
        assertEquals(begins, beside.machine().digest(), "while the spoilt one is there");
      }
    }
    try (Launch next = BootedGuest.fork(board)) {
      assertEquals(begins, next.machine().digest());
      assertEquals(ends, after(next));
    }
  }
}
