// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cpu.a64.machinecode;

import org.junit.jupiter.api.Test;
import org.xenolith.a64.arch.Cpu;
import org.xenolith.testkit.a64.SemihostingGuest;

/** HLT between what is machine code. */
class SemihostingGuestTest {
  @Test
  void semihostingCallsInALoopAreAnsweredEachOnceAndOtherHaltsAreUndefined() {
    SemihostingGuest.check(port -> new MachineCodeEngine(port.as(Cpu.class), null));
  }
}
