// SPDX-License-Identifier: EPL-2.0
package org.xenolith.history;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.xenolith.command.api.BadInput;
import org.xenolith.history.api.Goal;
import org.xenolith.history.api.Moment;
import org.xenolith.machine.control.MachineInputs;
import org.xenolith.machine.control.MachineInputs.Change;

class EarlierRunsTest {
  private static final Change FIRST = new Change(100, 1_000, "replace of org.x 1.1.0", "org.x 1.0.0");
  private static final Change SECOND = new Change(200, 5_000, "add of org.y 1.0.0");
  private final List<String> progress = new ArrayList<>();

  private EarlierRuns runs(Optional<String> command) {
    return new EarlierRuns(new MachineInputs() {
      @Override
      public int taken() {
        return 2;
      }

      @Override
      public Optional<Change> latestChange() {
        return Optional.of(SECOND);
      }

      @Override
      public List<Change> changes() {
        return List.of(FIRST, SECOND);
      }

      @Override
      public List<Taken> of(String kind) {
        return List.of();
      }

      @Override
      public void write(Path file, String made, Change end) throws java.io.IOException {
        throw new java.io.IOException("the jar of org.x 1.0.0 wasn't kept"); // own words: of this test
      }
    }, command, "64,every=1", "file:/none/plugins/x.jar", progress::add);
  }

  @Test
  void theChangeBehindAMomentIsFound() {
    EarlierRuns runs = runs(Optional.empty());
    assertEquals(Optional.of(FIRST), runs.behind(new Goal.Instruction(99)));
    assertEquals(Optional.of(SECOND), runs.behind(new Goal.Instruction(100)));
    assertEquals(Optional.empty(), runs.behind(new Goal.Instruction(200)));
    assertEquals(Optional.of(FIRST), runs.behind(new Goal.Time(999)));
    assertEquals(Optional.of(SECOND), runs.behind(new Goal.Time(1_000)));
    // It waited there for the change: as many instructions, and earlier.
    assertEquals(Optional.of(SECOND), runs.behind(new Goal.Exactly(new Moment(200, 4_999))));
    assertEquals(Optional.empty(), runs.behind(new Goal.Exactly(new Moment(200, 5_000))));
  }

  @Test
  void whatRanThenIsNamed() {
    assertEquals("with org.x 1.0.0", EarlierRuns.with(FIRST));
    assertEquals("before the add of org.y 1.0.0", EarlierRuns.with(SECOND));
  }

  private static String refused(EarlierRuns runs) {
    return assertThrows(BadInput.class, () -> runs.ask(FIRST, "at", List.of("5"))).getMessage();
  }

  @Test
  void whatCannotBeExecutedAgainIsRefusedByItsReason() {
    String message = refused(runs(Optional.empty()));
    assertTrue(message.contains("how this machine was made isn't known"), message);
    assertTrue(message.contains("a recording of the run has what ran then"), message);
    assertEquals(List.of(), progress);
    EarlierRuns runs = runs(Optional.of("command - virt"));
    assertTrue(runs.remedy(FIRST).endsWith(
        "'at MOMENT' at the monitor's prompt opens a second process, which executes it with what ran then"));
    message = refused(runs);
    assertEquals("what ran before the replace of org.x 1.1.0: the jar of org.x 1.0.0 wasn't kept", message);
    assertEquals(List.of("this moment ran with org.x 1.0.0: a second process executes the run again\n"), progress);
    assertTrue(!runs.isOpen(), "nobody is there");
  }
}
