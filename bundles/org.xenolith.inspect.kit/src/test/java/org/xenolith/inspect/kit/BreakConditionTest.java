// SPDX-License-Identifier: EPL-2.0
package org.xenolith.inspect.kit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.xenolith.command.api.BadInput;
import org.xenolith.inspect.api.StopPlace;
import org.xenolith.inspect.api.StopReport;

class BreakConditionTest {
  private final NamedMachine on = StandingMachine.machine();

  private boolean holds(String text, long hits) {
    return BreakCondition.of(on, on.processor(0), List.of(text.split(" ")), true).holds(on, new StopReport(new StopPlace.Instruction(0),
        OptionalInt.of(0),
        0,
        false, ""), hits);
  }

  private String refused(String text, boolean looks) {
    return assertThrows(BadInput.class, () -> BreakCondition.of(on, on.processor(0), List.of(text.split(" ")), looks)).getMessage();
  }

  @Test
  void comparisonsAreOfRegistersNumbersAndMemory() {
    assertTrue(holds("R0 == 0x10", 1));
    assertTrue(holds("R0==16 and cpu == 0", 1));
    assertFalse(holds("R0 > 0x10", 1));
    assertTrue(holds("[R0] == 0x0807060504030201", 1));
    assertTrue(holds("R0 & 0x30", 1));
    assertFalse(holds("R0 & 0x20", 1));
    assertFalse(holds("R0 == 0x10 and hits >= 3", 2));
    assertTrue(holds("hits >= 3", 3));
  }

  @Test
  void numbersHaveNoSign() {
    assertTrue(holds("0xffffffffffffffff > 1", 1));
  }

  @Test
  void levelsAreNames() {
    assertTrue(holds("level == EL1", 1));
    assertTrue(holds("level != EL0", 1));
    assertThrows(IllegalArgumentException.class, () -> holds("level < EL2", 1));
  }

  @Test
  void whatCannotBeReadIsTold() {
    assertTrue(assertThrows(IllegalArgumentException.class, () -> holds("[0x99000] == 1", 1)).getMessage().contains("no RAM at 0x99000"));
  }

  @Test
  void whatIsNoConditionIsSaidWithItsPlace() {
    assertTrue(refused("R0", true).contains("expected a comparison at the end"));
    assertTrue(refused("R0 ==", true).contains("missing at the end"));
    assertTrue(refused("R0 == 1 or cpu == 1", true).contains("'or' isn't expected"));
    assertTrue(refused("[R0 == 1", true).contains("has no ']'"));
    assertTrue(refused("R7 == 1", true).contains("'R7'"));
    assertEquals("if: of an exception, an exit or an event only cpu, hits and numbers are known when it is reached", refused("R0 == 1",
        false));
  }
}
