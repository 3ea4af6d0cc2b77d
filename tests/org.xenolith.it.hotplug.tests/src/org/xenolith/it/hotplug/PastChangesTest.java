// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.hotplug;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.xenolith.command.api.BadInput;
import org.xenolith.command.kit.ToldChange;
import org.xenolith.history.api.Goal;
import org.xenolith.history.api.MachineHistories;
import org.xenolith.history.api.MachineHistory;
import org.xenolith.history.api.PastMachine;
import org.xenolith.it.guest.InstalledProduct;
import org.xenolith.launch.api.Launch;
import org.xenolith.launch.api.Launcher;
import org.xenolith.launch.kit.RequestBuilder;
import org.xenolith.machine.control.LiveChange.Change;
import org.xenolith.machine.control.LiveChange.Touched;
import org.xenolith.machine.control.Machine;
import org.xenolith.machine.control.Machine.RunLimit;

/** A bundle that is replaced ends the past: what was before is refused with the change's name, and what was since is as it was. */
class PastChangesTest {
  private static final String BUNDLE = "org.xenolith.hw.pl061";
  private static final long MILLION = 1_000_000;
  private final InstalledProduct product = InstalledProduct.get();

  @AfterEach
  void restoreTheProduct() throws IOException {
    product.restore();
  }

  private Launch launch(String history) {
    RequestBuilder request = RequestBuilder.of("virt").memory(256L << 20).append("earlycon");
    Launch launch = product.service(Launcher.class).launch((history.isEmpty() ? request : request.option("history", history)).build(),
        line -> {}, (kind, place, text) -> {});
    launch.debug(new UnhaltedRun(), line -> {});
    return launch;
  }

  private static void run(Machine machine, long instructions) {
    machine.run(new RunLimit(Long.MAX_VALUE, instructions));
  }

  private static void refused(Executable what, String... parts) {
    String message = assertThrows(BadInput.class, what).getMessage();
    for (String part : parts) {
      assertTrue(message.contains(part), () -> "'" + part + "' is not in " + message);
    }
  }

  @Test
  void whatWasBeforeAChangeIsRefusedByItsName() throws IOException {
    try (Launch kept = launch("64,every=1"); Launch alone = launch("")) {
      run(kept.machine(), 3 * MILLION);
      run(alone.machine(), 3 * MILLION);
      MachineHistory history = product.service(MachineHistories.class).of(kept.machine()).orElseThrow();
      try (PastMachine past = history.at(new Goal.Instruction(2 * MILLION))) {
        Change change = product.change().replace(BUNDLE, new ByteArrayInputStream(product.jar(BUNDLE)));
        assertTrue(change.done(), change::reason);
        assertEquals(List.of("virt", "virt 2", "virt in the past"), change.machines().stream().map(Touched::machine).toList());
        assertEquals("3 devices (1 of virt, 1 of virt 2, 1 of virt in the past)", ToldChange.touched(change));
        String named = "replace of " + BUNDLE + " " + change.version();
        refused(() -> past.step(-1), "bundles have changed meanwhile (" + named, "go back to the present");
        run(kept.machine(), 6 * MILLION);
        refused(() -> history.at(new Goal.Instruction(2 * MILLION)),
            "instruction 2000000 is before the first moment that can be reached, 3000000@",
            "what ran before the " + named + " can't be executed by what is installed now",
            "a recording of the run has what ran then: replay it by boot");
      }
      assertTrue(history.beforeFirst().startsWith("what ran before the replace of " + BUNDLE), history::beforeFirst);
      assertEquals(3 * MILLION, history.first().instructions());
      try (PastMachine past = history.at(new Goal.Instruction(5 * MILLION))) {
        for (long count : new long[] {3 * MILLION, 4 * MILLION, 5 * MILLION}) {
          past.go(new Goal.Instruction(count));
          run(alone.machine(), count);
          assertEquals(alone.machine().digest(), past.machine().digest(), () -> "at " + count);
        }
      }
    }
  }
}
