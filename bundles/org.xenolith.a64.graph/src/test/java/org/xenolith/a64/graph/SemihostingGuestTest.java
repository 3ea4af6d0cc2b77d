// SPDX-License-Identifier: EPL-2.0
package org.xenolith.a64.graph;

import org.junit.jupiter.api.Test;
import org.xenolith.testkit.a64.SemihostingGuest;

/** HLT as the interpreter executes it. */
class SemihostingGuestTest {
  @Test
  void semihostingCallsInALoopAreAnsweredEachOnceAndOtherHaltsAreUndefined() {
    SemihostingGuest.check(Interpreter::on);
  }
}
