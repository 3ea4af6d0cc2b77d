// SPDX-License-Identifier: EPL-2.0
package org.xenolith.testkit.a64;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class GuestCountTest {
  @Test
  void theDefaultLaneTakesATenthAndOneAtLeast() {
    assertEquals(10, GuestCount.in(true, 10));
    assertEquals(3, GuestCount.in(false, 21));
    assertEquals(1, GuestCount.in(false, 1));
  }
}
