// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cpu.a64.regions;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.xenolith.a64.arch.Cpu;
import org.xenolith.a64.graph.Interpreter;
import org.xenolith.arm.api.CpuMonitor;
import org.xenolith.cpu.api.CpuEngineFactory;
import org.xenolith.testkit.a64.GuestCount;
import org.xenolith.testkit.a64.RandomGuest;
import org.xenolith.testkit.a64.TameGuest;

/** A monitor hears the same from every engine, however a run is cut. */
class MonitoredGuestTest {
  /** Asks now for branches, now for none, and for a count that comes soon. */
  private static final class Listener implements CpuMonitor {
    private final Cpu cpu;
    private final Random random;
    private final boolean all;
    private long heard;
    private long sum;

    Listener(Cpu cpu, long seed, boolean all) {
      this.cpu = cpu;
      this.all = all;
      random = new Random(seed);
      cpu.monitor(this);
      retiredReached();
    }

    private void hear(long what) {
      heard++;
      sum = (sum * 31 + what) * 31 + cpu.retired();
    }

    @Override
    public void poweredUp() {
      hear(1);
    }

    @Override
    public void exceptionTaken() {
      hear(2 + cpu.exceptionLevel() * 16);
    }

    @Override
    public void exceptionReturns() {
      hear(3 + cpu.exceptionLevel() * 16);
    }

    @Override
    public void contextChanged() {
      hear(4 + cpu.exceptionLevel() * 16);
    }

    @Override
    public void branched(int level, int kind) {
      hear(5 + level * 16 + kind * 64);
    }

    @Override
    public void retiredReached() {
      hear(6);
      cpu.watch(all ? LEVELS | BRANCHES : random.nextInt(4), cpu.retired() + 1 + random.nextInt(200));
    }
  }

  private final AtOnce atOnce = new AtOnce();
  private final CpuEngineFactory regions = cpu -> new RegionEngine(cpu.as(Cpu.class), new Translator(false, atOnce), 1);

  private static String heard(long seed, CpuEngineFactory engine, boolean cuts, boolean all) {
    RandomGuest guest = new RandomGuest(seed, new TameGuest(Covered::is), engine);
    Listener listener = new Listener(guest.cpu(), seed, all);
    guest.runTo(6000, cuts ? new Random(seed + 1) : null);
    return listener.heard + " " + listener.sum + " " + guest.cpu().retired() + " " + guest.memoryDigest();
  }

  @Test
  void everyEngineTellsTheSame() {
    int guests = GuestCount.of(60);
    for (long seed = 1; seed <= guests; seed++) {
      String expected = heard(seed, Interpreter::on, false, false);
      assertEquals(expected, heard(seed, regions, false, false), "seed " + seed);
      assertEquals(expected, heard(seed, regions, true, false), "seed " + seed + ", cut");
      assertEquals(expected, heard(seed, Interpreter::on, true, false), "seed " + seed + ", interpreted and cut");
    }
    assertTrue(atOnce.done > guests, "regions: " + atOnce.done);
  }

  @Test
  void noRegionIsEnteredWhileBranchesAreCounted() {
    String expected = heard(7, Interpreter::on, false, true);
    assertEquals(expected, heard(7, regions, false, true));
    assertEquals(0, atOnce.done);
  }
}
