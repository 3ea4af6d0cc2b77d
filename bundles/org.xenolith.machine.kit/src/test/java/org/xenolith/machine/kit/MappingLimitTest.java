// SPDX-License-Identifier: EPL-2.0
package org.xenolith.machine.kit;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class MappingLimitTest {
  @Test
  void asManyAsThereMayBeAreTakenAndWhatWasGivenBackAgain() {
    MappingLimit limit = new MappingLimit(2);
    limit.take();
    limit.take();
    String says = assertThrows(OutOfMemoryError.class, limit::take).getMessage();
    assertTrue(says.startsWith("2 chunks of RAM are shared") && says.endsWith("close some"), says);
    limit.give();
    limit.take();
    assertThrows(OutOfMemoryError.class, limit::take);
  }

  @Test
  void aHostLetsAProcessHaveThousands() {
    assertTrue(MappingLimit.ofHost().most() > 10_000, () -> MappingLimit.ofHost().most() + " mappings");
  }
}
