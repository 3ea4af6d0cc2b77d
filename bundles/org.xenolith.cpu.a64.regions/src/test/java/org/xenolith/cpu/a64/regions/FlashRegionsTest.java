// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cpu.a64.regions;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.xenolith.a64.arch.Cpu;
import org.xenolith.a64.graph.Interpreter;
import org.xenolith.cpu.api.CpuEngineFactory;
import org.xenolith.testkit.a64.FlashGuest;

/** Regions that read, or are in, a window that is read directly see at the interpreter's instruction that it isn't any more. */
class FlashRegionsTest {
  private static final int LENGTH = 20_000;

  private final AtOnce atOnce = new AtOnce();

  @Test
  void regionsSeeAWindowAsTheInterpreterDoes() {
    TranslatedInstructions watcher = new TranslatedInstructions();
    CpuEngineFactory regions = port -> {
      Cpu cpu = port.as(Cpu.class);
      cpu.exits.add(watcher);
      return new RegionEngine(cpu, new Translator(false, atOnce), 1);
    };
    CpuEngineFactory lockstep = port -> new RegionEngine(port.as(Cpu.class), new Translator(true, atOnce), 1);
    for (long seed = 1; seed <= 25; seed++) {
      Random random = new Random(seed);
      FlashGuest interpreted = new FlashGuest(seed, Interpreter::on);
      FlashGuest translated = new FlashGuest(seed, regions);
      FlashGuest checked = new FlashGuest(seed, lockstep);
      for (int end = LENGTH / 2; end <= LENGTH; end += LENGTH / 2) {
        interpreted.runTo(end, null);
        translated.runTo(end, end == LENGTH ? random : null);
        checked.runTo(end, null);
        assertEquals(interpreted.state(), translated.state(), "seed " + seed);
        assertEquals(interpreted.state(), checked.state(), "lockstep, seed " + seed);
      }
    }
    assertTrue(watcher.instructions > 100_000, "executed in regions: " + watcher.instructions);
  }
}
