// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.lapic;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.xenolith.x64.api.MsrFault;

/** A guest that does anything: nothing is thrown, and another version that takes over changes nothing. */
class LapicWildGuestTest {
  private static final int CPUS = 3;

  @Test
  void aWildGuestBreaksNothing() {
    for (int seed = 1; seed <= 3; seed++) {
      LapicBench bench = new LapicBench(CPUS);
      Random random = new Random(seed);
      for (int i = 0; i < 60_000; i++) {
        step(bench, random);
      }
    }
  }

  @Test
  void theSameGuestSeesTheSameWhateverIsReplaced() {
    LapicBench alone = new LapicBench(CPUS);
    LapicBench changing = new LapicBench(CPUS);
    Random first = new Random(7);
    Random second = new Random(7);
    int interrupts = 0;
    for (int i = 0; i < 20_000; i++) {
      List<Object> seen = step(alone, first);
      assertEquals(seen, step(changing, second), "step " + i);
      interrupts += (boolean) seen.get(1) ? 1 : 0;
      if (i % 50 == 0) {
        changing.handOver();
      }
    }
    assertTrue(interrupts > 300, "too few interrupts: " + interrupts);
  }

  /** Answer, levels of INTR, and what the CPUs were told. */
  private static List<Object> step(LapicBench bench, Random random) {
    List<Object> seen = new ArrayList<>();
    int cpu = random.nextInt(CPUS);
    bench.context().initiator(cpu);
    seen.add(act(bench, cpu, random));
    for (int i = 0; i < CPUS; i++) {
      seen.add(bench.interrupt(i));
      seen.add(List.copyOf(bench.cpu(i).told));
      bench.cpu(i).told.clear();
    }
    seen.add(List.copyOf(bench.ended));
    bench.ended.clear();
    bench.context().reportedFaults().clear();
    bench.context().reportedEvents().clear();
    return seen;
  }

  private static Object act(LapicBench bench, int cpu, Random random) {
    int size = 1 << random.nextInt(4);
    int offset = switch (random.nextInt(3)) {
      case 0 -> random.nextInt(0x400) & -size;
      case 1 -> random.nextInt(0x40) << 4;
      default -> random.nextInt(0x10_0000) & -size;
    };
    long value = switch (random.nextInt(3)) {
      case 0 -> random.nextLong();
      case 1 -> random.nextInt(256);
      default -> 1L << random.nextInt(64);
    };
    return switch (random.nextInt(9)) {
      case 0 -> bench.context().read(0, offset, size);
      case 1, 2 -> {
        bench.context().write(0, offset, size, value);
        yield "";
      }
      case 3 -> {
        bench.context().message(0, random.nextInt(3) - 1, offset, random.nextBoolean() ? value : random.nextInt(0x1_0000));
        yield "";
      }
      case 4 -> {
        if (!bench.interrupt(cpu)) {
          yield "";
        }
        int vector = bench.acknowledge(cpu);
        bench.write(cpu, LapicBench.EOI, 0);
        yield vector;
      }
      case 5 -> {
        bench.write(cpu, LapicBench.SVR, 0x1FF);
        bench.write(cpu, LapicBench.LVT_TIMER, random.nextInt(4) << 17 | random.nextInt(256));
        yield "";
      }
      case 6 -> {
        bench.advance(random.nextInt(100_000));
        yield "";
      }
      case 7 -> {
        bench.cpu(cpu).controller().taskPriority(random.nextInt(16));
        if (random.nextInt(16) == 0) {
          bench.cpu(cpu).writeTimeStamp(random.nextLong());
        }
        yield "";
      }
      default -> msr(bench, cpu, random, value);
    };
  }

  private static Object msr(LapicBench bench, int cpu, Random random, long value) {
    int msr = switch (random.nextInt(8)) {
      case 0 -> LapicBench.APIC_BASE;
      case 1 -> LapicBench.DEADLINE;
      default -> 0x800 + random.nextInt(0x40);
    };
    try {
      if (random.nextBoolean()) {
        return bench.rdmsr(cpu, msr);
      }
      bench.wrmsr(cpu, msr, msr == LapicBench.APIC_BASE && random.nextBoolean() ? 0xFEE0_0000L | random.nextInt(4) << 10 : value);
    } catch (MsrFault refused) {
      return "refused";
    }
    return "";
  }
}
