// SPDX-License-Identifier: EPL-2.0
package org.xenolith.machine.kit;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class EngineShareTest {
  private static final long MIB = 1 << 20;

  @Test
  void enginesOfAMachineHaveAnEighthOfTheHeapAndNoMoreThanAHalfGibibyteAmongThem() {
    assertEquals(128 * MIB, EngineShare.bytes(1024 * MIB, 1));
    assertEquals(32 * MIB, EngineShare.bytes(1024 * MIB, 4));
    assertEquals(512 * MIB, EngineShare.bytes(17_000 * MIB, 1));
    assertEquals(8 * MIB, EngineShare.bytes(64 * MIB, 64));
  }
}
