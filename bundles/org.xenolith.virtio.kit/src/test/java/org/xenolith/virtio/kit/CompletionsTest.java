// SPDX-License-Identifier: EPL-2.0
package org.xenolith.virtio.kit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.xenolith.regs.DeviceState;

/** First in, first out, over the end of the ring, and in a record. */
class CompletionsTest {
  private final DeviceState state = new DeviceState();
  private final Completions completions = Completions.ofQueues(state);

  @Test
  void theOldestComesFirstAlsoOverTheEndOfTheRing() {
    completions.add(4, -1, 0, 1);
    for (int i = 0; i < 3 * Completions.MOST; i++) {
      completions.add(i % 5, i, i + 1, i + 2);
      completions.drop();
      assertEquals(i % 5, completions.queue());
      assertEquals(i, completions.head());
      assertEquals(i + 1, completions.written());
      assertEquals(i + 2, completions.due());
    }
    assertFalse(completions.isEmpty());
    completions.clear();
    assertTrue(completions.isEmpty());
  }

  @Test
  void thereIsRoomForAsManyAsAQueueHas() {
    for (int i = 0; i < Completions.MOST; i++) {
      assertFalse(completions.isFull());
      completions.add(0, i, 0, 0);
    }
    assertTrue(completions.isFull());
  }

  @Test
  void aRecordHasThemAll() {
    completions.add(2, 7, 9, 100);
    DeviceState other = new DeviceState();
    Completions restored = Completions.ofQueues(other);
    other.restore(state.save());
    assertEquals(2, restored.queue());
    assertEquals(7, restored.head());
    assertEquals(9, restored.written());
    assertEquals(100, restored.due());
  }

  @Test
  void ofOneQueueTheQueueIsNoState() {
    DeviceState alone = new DeviceState();
    Completions.ofOneQueue(alone).add(0, 1, 2, 3);
    assertFalse(alone.names().contains("completion-queue"));
  }
}
