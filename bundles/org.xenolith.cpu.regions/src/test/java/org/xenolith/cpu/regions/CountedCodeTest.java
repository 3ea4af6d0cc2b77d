package org.xenolith.cpu.regions;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.xenolith.machine.api.CpuPort;
import org.xenolith.machine.watch.ExitKind;
import org.xenolith.machine.watch.MachineWatcher;
import org.xenolith.testkit.cpu.RandomGuest;

/** A watched machine is told what its regions execute, and does the same. */
class CountedCodeTest {
  private static final int INSTRUCTIONS = 20_000;

  private final AtOnce atOnce = new AtOnce();
  private final Map<String, Integer> waysOut = new TreeMap<>();
  private long translated;

  private final MachineWatcher watcher = new MachineWatcher() {
    @Override public long period() {
      return 1;
    }

    @Override public void sample(CpuPort cpu, long instructions, long nanoseconds, long inExits) { }

    @Override public void exitBegins(ExitKind kind, String place, long now) { }

    @Override public void exitEnds(long now) { }

    @Override public void exception(CpuPort cpu, int level, int vector, int exceptionClass) { }

    @Override public void translated(long instructions, String wayOut) {
      assertTrue(instructions >= 0, "instructions: " + instructions);
      translated += instructions;
      waysOut.merge(wayOut, 1, Integer::sum);
    }
  };

  private String digest(long seed, boolean watched) {
    RandomGuest guest = new RandomGuest(seed, new TameGuest(), cpu -> {
      cpu.exits.watcher(watched ? watcher : null);
      return new RegionEngine(cpu, new Translator(false, atOnce), 1);
    });
    guest.runTo(INSTRUCTIONS, null);
    return guest.cpu().state().save().toString();
  }

  @Test void instructionsInRegionsAreCountedAndTheStateIsTheSame() {
    for (long seed = 1; seed <= 6; seed++) {
      assertEquals(digest(seed, false), digest(seed, true));
    }
    assertTrue(translated > INSTRUCTIONS && translated <= 6L * INSTRUCTIONS, "translated: " + translated);
    assertTrue(waysOut.size() > 1, waysOut::toString);
  }
}
