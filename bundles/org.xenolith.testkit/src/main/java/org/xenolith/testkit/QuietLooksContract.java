// SPDX-License-Identifier: EPL-2.0
package org.xenolith.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.fail;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.xenolith.machine.api.ExternalAbort;
import org.xenolith.regs.Register;

/**
 * Who looks changes nothing: a read of a register, unless the manual has it act, and saving the state.
 */
abstract class QuietLooksContract extends ShownRegistersContract {
  /** Registers that are read twice in a round, before the next alarm and after it. */
  private static final int READS = 16;

  /** Debuggers, drivers that probe, and a CPU that makes an access again look twice. */
  @Test
  protected final void readsChangeNothing() {
    List<? extends Register> quiet = registers().stream().filter(register -> !actingReads().contains(register)).toList();
    for (long seed : quiet.isEmpty() ? new long[0] : SEEDS) {
      GuestExercise exercise = powered(seed);
      Random pick = new Random(seed);
      for (int i = 0; i < ROUNDS; i++) {
        String when = "seed " + seed + ", after " + exercise.run(STEPS / ROUNDS).getLast();
        for (int k = 0; k < 2 * READS && exercise.context().claimed(0); k++) {
          if (k == READS) {
            exercise.untilAlarm();
          }
          readTwice(exercise, quiet.get(pick.nextInt(quiet.size())), when);
        }
      }
    }
  }

  private static void readTwice(GuestExercise exercise, Register register, String when) {
    Observed before = Observed.of(exercise);
    List<String> changes = new ArrayList<>();
    try {
      long first = read(exercise.context(), register);
      long second = read(exercise.context(), register);
      if (first != second) {
        changes.add("what it gives from " + hex(first) + " to " + hex(second));
      }
    } catch (ExternalAbort e) {
      // An answer like another.
    }
    changes.addAll(before.changes(Observed.of(exercise)));
    if (!changes.isEmpty()) {
      fail("reading " + register.name() + " changes " + String.join(", ", changes) + " (" + when
          + "). If the manual says that such a read acts,"
          + " as that of a FIFO does, the test declares it: override actingReads() to contain " + register.name());
    }
  }

  /** A snapshot is taken of a machine that goes on. */
  @Test
  protected final void savingChangesNothing() {
    for (long seed : SEEDS) {
      GuestExercise exercise = powered(seed);
      for (int i = 0; i < ROUNDS; i++) {
        String when = exercise.run(STEPS / ROUNDS).getLast();
        Observed before = Observed.of(exercise);
        assertEquals(List.of(), before.changes(Observed.of(exercise)), "what saving the state changes, seed " + seed + ", after " + when);
      }
    }
  }
}
