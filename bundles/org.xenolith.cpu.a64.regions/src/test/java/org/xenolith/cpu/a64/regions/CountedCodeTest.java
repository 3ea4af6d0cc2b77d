// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cpu.a64.regions;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.xenolith.a64.arch.Cpu;
import org.xenolith.testkit.a64.RandomGuest;
import org.xenolith.testkit.a64.TameGuest;

/** A watched machine is told what its regions execute, and does the same. */
class CountedCodeTest {
  private static final int INSTRUCTIONS = 20_000;

  private final AtOnce atOnce = new AtOnce();
  private final TranslatedInstructions watcher = new TranslatedInstructions();

  private String digest(long seed, boolean watched) {
    RandomGuest guest = new RandomGuest(seed, new TameGuest(Covered::is), port -> {
      Cpu cpu = port.as(Cpu.class);
      if (watched) {
        cpu.exits.add(watcher);
      }
      return new RegionEngine(cpu, new Translator(false, atOnce), 1);
    });
    guest.runTo(INSTRUCTIONS, null);
    return guest.cpu().state().save().toString();
  }

  @Test
  void instructionsInRegionsAreCountedAndTheStateIsTheSame() {
    for (long seed = 1; seed <= 6; seed++) {
      assertEquals(digest(seed, false), digest(seed, true));
    }
    assertTrue(watcher.instructions > INSTRUCTIONS && watcher.instructions <= 6L * INSTRUCTIONS, "translated: " + watcher.instructions);
    assertTrue(watcher.waysOut.size() > 1, watcher.waysOut::toString);
  }
}
