// SPDX-License-Identifier: EPL-2.0
package org.xenolith.testkit;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class MatchedPropertiesTest {
  private static final String COMPONENT = "..Lorg/osgi/service/component/annotations/Component;..property..";

  private static String complaint(String properties) {
    return assertThrows(AssertionError.class, () -> MatchedProperties.check("a.B", COMPONENT + properties)).getMessage();
  }

  @Test
  void aSlipOfThePenIsNamed() {
    assertTrue(complaint("xenolith.compatibel=arm,pl011").contains("a.B matches nothing"));
    assertTrue(complaint("xenolith.compatibel=arm,pl011").contains("[xenolith.compatibel]"));
    assertTrue(complaint("xenolith.compatible=arm,pl011\0\1xenolith.instruction=a64").contains("[xenolith.instruction]"));
    assertTrue(complaint("").contains("matches nothing"));
  }

  @Test
  void whatMatchesSomethingIsFine() {
    assertDoesNotThrow(() -> MatchedProperties.check("a.B", COMPONENT + "xenolith.subsystem=vgic\0xenolith.instructions=a64"));
    assertDoesNotThrow(() -> MatchedProperties.check("a.B", "no component: xenolith.compatibel=arm,pl011"));
    assertDoesNotThrow(() -> MatchedProperties.check(String.class));
  }
}
