// SPDX-License-Identifier: EPL-2.0
package org.xenolith.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.xenolith.regs.StateRecord;

/**
 * What every device model must keep. A model's test extends this class, says how to make the model, and adds tests of what
 * only this device does. Window 0 of the node is taken to hold the register table; a model that a guest reaches in another way has
 * neither a window nor a table, and its subclass makes the accesses in {@link #outsideInput}.
 *
 * <p>The checks are grouped in the classes that this one extends: what a test says of its model ({@link ModelUnderTest}), nothing of the host
 * ({@link HostIndependenceContract}), the register table ({@link RegisterTableContract}), what is shown of it ({@link ShownRegistersContract}), looks that change nothing
 * ({@link QuietLooksContract}); here are those of a model's life: reset, hand-over, restored state, removal.
 *
 * <p>The random checks make the same accesses in each run; a failure names seed and step.
 */
public abstract class DeviceModelContract extends QuietLooksContract {
  @Test
  protected final void resetBringsBackTheBeginning() {
    for (long seed : SEEDS) {
      GuestExercise used = powered(seed);
      StateRecord state = withoutBattery(used.model().state().save());
      Map<String, Long> deadlines = used.context().deadlines();
      String lines = used.lines();
      for (int i = 0; i < ROUNDS; i++) {
        String when = "after " + used.run(STEPS / ROUNDS).getLast() + " and reset, seed " + seed;
        used.model().reset();
        assertEquals(state, withoutBattery(used.model().state().save()), "state " + when);
        assertEquals(deadlines, used.context().deadlines(), "alarms " + when);
        assertEquals(lines, used.lines(), "interrupt lines " + when);
      }
    }
  }

  private StateRecord withoutBattery(StateRecord record) {
    StateRecord rest = new StateRecord();
    record.values().forEach((name, value) -> {
      if (!onBattery().contains(name)) {
        rest.put(name, value);
      }
    });
    return rest;
  }

  /** Other versions take over now and then: no answer, line or alarm differs from a run without it. */
  @Test
  protected final void handOverLosesNothing() {
    for (long seed : SEEDS) {
      GuestExercise alone = powered(seed);
      GuestExercise changing = powered(seed);
      for (int i = 0; i < ROUNDS; i++) {
        assertEquals(alone.run(STEPS / ROUNDS), changing.run(STEPS / ROUNDS), "answers after hand-over " + i + ", seed " + seed);
        String when = "after hand-over " + (i + 1) + ", seed " + seed;
        String lines = changing.lines();
        Map<String, Long> deadlines = changing.context().deadlines();
        StateRecord state = changing.model().state().save();
        changing.replaceModel(factory());
        assertEquals(state, changing.model().state().save(), "state " + when);
        assertEquals(deadlines, changing.context().deadlines(), "alarms " + when);
        assertEquals(lines, changing.lines(), "interrupt lines " + when);
      }
    }
  }

  /**
   * Lines that a reset drives have levels of the state, which {@code restored()} drives again: those of the machine that the state was
   * taken from may be others.
   */
  @Test
  protected final void restoredDrivesTheLinesThatResetDrives() {
    for (long seed : SEEDS) {
      GuestExercise exercise = powered(seed);
      Map<FakeLine, Integer> before = new IdentityHashMap<>();
      exercise.context().allLines().forEach(line -> before.put(line, line.drives()));
      exercise.model().reset();
      List<FakeLine> levels = exercise.context().allLines().stream().filter(line -> line.drives() != before.getOrDefault(line, 0))
          .toList();
      for (int i = 0; i < ROUNDS; i++) {
        String when = " after " + exercise.run(STEPS / ROUNDS).getLast() + ", seed " + seed;
        if (i % 2 == 1) {
          exercise.untilAlarm();
        }
        List<Boolean> right = levels.stream().map(FakeLine::level).toList();
        StateRecord state = exercise.model().state().save();
        levels.forEach(FakeLine::disturb);
        exercise.model().state().restore(state);
        exercise.model().restored();
        assertEquals(right, levels.stream().map(FakeLine::level).toList(), "levels of lines that reset() drives, when restored" + when);
      }
    }
  }

  /** Its bundle went and came again: it goes on from what was kept, which no reset and no call of its own changes. */
  @Test
  protected final void aDeviceThatComesBackGoesOnFromItsRecord() {
    for (long seed : SEEDS) {
      GuestExercise exercise = powered(seed);
      exercise.run(STEPS / 2);
      StateRecord kept = exercise.model().state().save();
      exercise.removeModel();
      exercise.bringBack(factory(), kept);
      assertEquals(kept, exercise.model().state().save(), "state of the device that came back, seed " + seed);
      exercise.run(STEPS / 2);
    }
  }

  /** Nobody calls a model that is gone: it has taken back what it gave to ports. */
  @Test
  protected final void aRemovedModelHearsNothing() {
    for (long seed = 1; seed <= ROUNDS; seed++) {
      GuestExercise exercise = powered(seed);
      exercise.run((int) seed * STEPS / ROUNDS);
      StateRecord last = exercise.model().state().save();
      exercise.removeModel();
      String lines = exercise.lines();
      for (int i = 0; i < STEPS / ROUNDS; i++) {
        exercise.outside();
      }
      assertEquals(last, exercise.model().state().save(), "state of the removed model, seed " + seed);
      assertEquals(lines, exercise.lines(), "interrupt lines of the removed model, seed " + seed);
    }
  }
}
