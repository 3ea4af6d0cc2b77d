// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class WrittenLimitTest {
  @Test
  void secondsAreTakenToTheNanosecondThatIsWritten() {
    // 0.945524999 times a thousand million is a little less as a fraction of two.
    for (long nanoseconds = 945_524_000; nanoseconds < 945_526_000; nanoseconds++) {
      assertEquals(nanoseconds, WrittenLimit.of("0." + nanoseconds).nanoseconds());
    }
    assertEquals(Long.MAX_VALUE, WrittenLimit.of("2.5").instructions());
  }

  @Test
  void aMomentIsAnInstructionAndATime() {
    WrittenLimit moment = WrittenLimit.of("935938248@955767450ns");
    assertEquals(935_938_248, moment.instructions());
    assertEquals(955_767_450, moment.nanoseconds());
    assertTrue(WrittenLimit.of("0@0ns").possible(), "a test may fail before anything has run");
  }

  @Test
  void whatIsNeitherIsNone() {
    for (String text : new String[] {"soon", "", "1@2", "-1@5ns", "1@99999999999999999999ns"}) {
      assertThrows(NumberFormatException.class, () -> WrittenLimit.of(text), text);
    }
    for (String text : new String[] {"0", "-1", "1e9", "1e999999999"}) {
      assertFalse(WrittenLimit.of(text).possible(), text);
    }
  }
}
