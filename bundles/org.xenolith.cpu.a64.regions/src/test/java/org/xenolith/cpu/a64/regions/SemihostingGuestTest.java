// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cpu.a64.regions;

import org.junit.jupiter.api.Test;
import org.xenolith.a64.arch.Cpu;
import org.xenolith.testkit.a64.SemihostingGuest;

/** HLT in and beside regions, and in lockstep. */
class SemihostingGuestTest {
  @Test
  void semihostingCallsInALoopAreAnsweredEachOnceAndOtherHaltsAreUndefined() {
    SemihostingGuest.check(port -> new RegionEngine(port.as(Cpu.class), new Translator(false, new AtOnce()), 1));
    SemihostingGuest.check(port -> new RegionEngine(port.as(Cpu.class), new Translator(true, new AtOnce()), 1));
  }
}
