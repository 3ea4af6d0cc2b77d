// SPDX-License-Identifier: EPL-2.0
package org.xenolith.history;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;

import org.junit.jupiter.api.Test;
import org.xenolith.command.api.BadInput;
import org.xenolith.history.api.Goal;
import org.xenolith.history.api.Moment;

class GoalTextTest {
  @Test
  void aGoalIsInstructionsATimeOrAMoment() {
    assertEquals(new Goal.Instruction(938_033_991), GoalText.of("938033991"));
    assertEquals(new Goal.Instruction(938_033_991), GoalText.of("938,033,991"));
    assertEquals(new Goal.Time(2_086_862_848L), GoalText.of("2.086862848s"));
    assertEquals(new Goal.Time(30_000_000), GoalText.of("30ms"));
    assertEquals(new Goal.Time(1_500), GoalText.of("1.5us"));
    assertEquals(new Goal.Time(7), GoalText.of("7ns"));
  }

  @Test
  void theTextOfAMomentIsReadAsThatMoment() {
    Moment moment = new Moment(12, 34);
    assertEquals(new Goal.Exactly(moment), GoalText.of(moment.toString()));
    assertEquals(new Goal.Exactly(moment), GoalText.of("12@34ns"));
  }

  @Test
  void whatIsNoneIsRefusedWithWhatOneIs() {
    for (String text : List.of("", "x", "-1", "1,2", "99999999999999999999", "9999999999999999999", "1.5", "1.5ns", "s", "5 s",
        "99999999999s", "1@", "@1ns", "1@2", "1@2s@3s",
        "-1@1s", "1".repeat(10_000))) {
      BadInput refused = assertThrows(BadInput.class, () -> GoalText.of(text), text);
      assertTrue(refused.getMessage().contains("expected instructions") && refused.getMessage().length() < 300, refused.getMessage());
    }
  }
}
