// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.nvme;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.xenolith.regs.DeviceState;

/** Each queue that a driver has made is shown with its place, and words say what that is. */
class QueueRegistersTest {
  @Test
  void eachQueueIsShownWhereTheDriverMadeIt() {
    DeviceState state = new DeviceState();
    SubmissionQueues submissions = new SubmissionQueues(state, null);
    CompletionQueues completions = new CompletionQueues(state, null);
    QueueRegisters.show(state, submissions, completions);
    submissions.create(3, 0x4000_3000L, 64, 2);
    completions.create(2, 0x1_4000_2000L, 32, 2, true);
    Map<String, Long> shown = new TreeMap<>();
    state.visitRegisters((window, register, value, stored) -> {
      assertEquals(QueueRegisters.WINDOW, window);
      assertFalse(register.words().title().isEmpty(), register.name());
      if (value != 0) {
        shown.put(register.name(), value);
      }
    });
    assertEquals(Map.of("SQBASE3", 0x4000_3000L, "SQSIZE3", 64L, "CQBASE2", 0x1_4000_2000L, "CQSIZE2", 32L), shown);
  }
}
