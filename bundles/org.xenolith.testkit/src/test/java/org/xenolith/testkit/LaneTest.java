// SPDX-License-Identifier: EPL-2.0
package org.xenolith.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.util.List;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;

class LaneTest {
  @Test
  void onlyTheWordFullAsksForAll() {
    assertTrue(Lane.isFull("full"));
    for (String name : new String[] {null, "", "default", "Full", "fuller"}) {
      assertFalse(Lane.isFull(name), () -> "lane " + name);
    }
    assertEquals("full".equals(System.getenv(Lane.VARIABLE)), Lane.full());
  }

  @Test
  void theDefaultLaneHasNoneOfTheFullOnes() {
    DynamicTest test = dynamicTest("takes minutes", () -> {});
    assertEquals(List.of(test), Lane.onlyIf(true, test));
    assertEquals(List.of(), Lane.onlyIf(false, test));
  }
}
