// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.hotplug;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.xenolith.history.api.Arrival.Why;
import org.xenolith.history.api.Goal;
import org.xenolith.history.api.MachineHistories;
import org.xenolith.history.api.MachineHistory;
import org.xenolith.history.api.Moment;
import org.xenolith.history.api.PastMachine;
import org.xenolith.inspect.api.MachineInspector;
import org.xenolith.inspect.api.StopPlace;
import org.xenolith.it.guest.InstalledProduct;
import org.xenolith.launch.api.Launch;
import org.xenolith.launch.api.Launcher;
import org.xenolith.launch.kit.RequestBuilder;
import org.xenolith.machine.control.Machine;
import org.xenolith.machine.control.Machine.RunLimit;

/** The moments at which a state was kept are like all others, whichever way somebody came there. */
class CheckpointMomentTest {
  private static final long MILLION = 1_000_000;
  private static final int HITS = 3;

  private static Launch launch() {
    Launch launch = InstalledProduct.get().service(Launcher.class).launch(RequestBuilder.of("virt").cpus(4).memory(256L << 20).append(
        "earlycon").option("history", "64,every=1").build(), line -> {}, (kind, place, text) -> {});
    launch.debug(new UnhaltedRun(), line -> {});
    return launch;
  }

  private static MachineHistory history(Launch launch) {
    return InstalledProduct.get().service(MachineHistories.class).of(launch.machine()).orElseThrow();
  }

  private static void run(Machine machine, long instructions) {
    machine.run(new RunLimit(Long.MAX_VALUE, instructions));
  }

  private static StopPlace here(PastMachine past) {
    return new StopPlace.Instruction(InstalledProduct.get().service(MachineInspector.class).of(past.machine()).processor(0).orElseThrow()
        .place().address());
  }

  /** An instruction of a loop that a CPU is about to execute where a state was kept is met there by whoever comes back to it, each time. */
  @Test
  void aPlaceThatIsMetAtACheckpointIsMetBackwards() {
    try (Launch launch = launch()) {
      run(launch.machine(), 5 * MILLION);
      MachineHistory history = history(launch);
      int tried = 0;
      try (PastMachine past = history.at(new Goal.Exactly(history.first()))) {
        for (Moment kept : history.checkpoints().stream().skip(1).toList()) {
          if (tried == 1) {
            break;
          }
          past.go(new Goal.Exactly(kept));
          List<StopPlace> places = List.of(here(past));
          past.step(-1);
          List<Moment> met = new ArrayList<>();
          while (met.size() < HITS && past.forwards(places, report -> true).why() == Why.STOP) {
            met.add(past.moment());
          }
          if (met.size() == HITS && met.getFirst().equals(kept) && met.getLast().instructions() < kept.instructions() + MILLION) {
            tried++;
            past.step(1);
            for (Moment moment : met.reversed()) {
              assertEquals(Why.STOP, past.backwards(places, report -> true).why());
              assertEquals(moment, past.moment(), () -> "of " + met);
            }
            past.go(new Goal.Exactly(kept));
            for (Moment moment : met.subList(1, HITS)) {
              assertEquals(Why.STOP, past.forwards(places, report -> true).why());
              assertEquals(moment, past.moment(), () -> "of " + met);
            }
          }
        }
      }
      assertTrue(tried > 0, "a state was kept within a loop");
    }
  }

  /** What came from outside at the very moment at which a state was kept has been taken there, however one comes to it. */
  @Test
  void whatCameFromOutsideAtACheckpointHasBeenTakenThere() {
    try (Launch launch = launch()) {
      Machine machine = launch.machine();
      long address = launch.platform().memory().getFirst().end() - 1;
      run(machine, 3 * MILLION);
      InstalledProduct.get().service(MachineInspector.class).of(machine).physical().write(address, new byte[] {1});
      String digest = machine.digest();
      run(machine, 6 * MILLION);
      MachineHistory history = history(launch);
      assertTrue(history.checkpoints().stream().anyMatch(each -> each.instructions() == 3 * MILLION), () -> history.checkpoints()
          .toString());
      try (PastMachine past = history.at(new Goal.Instruction(3 * MILLION - 1))) {
        past.go(new Goal.Instruction(3 * MILLION));
        assertEquals(digest, past.machine().digest(), "from before");
        past.go(new Goal.Instruction(5 * MILLION));
        past.go(new Goal.Instruction(3 * MILLION));
        assertEquals(digest, past.machine().digest(), "from behind");
        past.go(new Goal.Exactly(past.moment()));
        assertEquals(digest, past.machine().digest(), "from there");
      }
    }
  }
}
