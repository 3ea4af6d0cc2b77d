// SPDX-License-Identifier: EPL-2.0
package org.xenolith.machine.kit;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class HostLimitTest {
  private final HostLimit limit = new HostLimit(1000);

  @Test
  void noMoreIsTakenThanThereMayBe() {
    limit.take(600);
    limit.take(400);
    OutOfMemoryError refused = assertThrows(OutOfMemoryError.class, () -> limit.take(1));
    assertTrue(refused.getMessage().contains("1000"), refused.getMessage());
  }

  @Test
  void whatIsGivenBackMayBeTakenAgain() throws InterruptedException {
    limit.take(1000);
    Thread other = Thread.ofPlatform().start(() -> limit.give(700));
    limit.take(700);
    other.join();
    limit.give(1000);
    assertDoesNotThrow(() -> limit.take(1000));
  }
}
