// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.perfmon;

import java.util.List;
import java.util.random.RandomGenerator;
import org.xenolith.machine.api.DeviceModelFactory;
import org.xenolith.platform.api.PlatformNode;
import org.xenolith.regs.Register;
import org.xenolith.testkit.DeviceModelContract;
import org.xenolith.testkit.FakeContext;
import org.xenolith.x64.api.MsrFault;

/** The monitors have model-specific registers instead of a window, and hear of instructions, levels and waiting. */
class PerfmonContractTest extends DeviceModelContract {
  @Override
  protected DeviceModelFactory factory() {
    return PerfmonBench.factory();
  }

  @Override
  protected PlatformNode node() {
    return PerfmonBench.node().build();
  }

  @Override
  protected int cpus() {
    return 2;
  }

  @Override
  protected List<? extends Register> registers() {
    return List.of();
  }

  @Override
  protected void outsideInput(FakeContext context, RandomGenerator random) {
    CountedX64Cpu cpu = context.cpus().get(random.nextInt(2)).as(CountedX64Cpu.class);
    if (!cpu.monitored()) {
      return;
    }
    for (int i = 0; i < 6; i++) {
      switch (random.nextInt(8)) {
        case 0 -> cpu.retire(random.nextInt(1000));
        case 1 -> cpu.level(random.nextInt(4));
        case 2 -> cpu.waits(random.nextBoolean());
        default -> access(cpu, random);
      }
    }
  }

  private static void access(CountedX64Cpu cpu, RandomGenerator random) {
    int[] msrs = cpu.claimed();
    int msr = msrs[random.nextInt(msrs.length)];
    try {
      if (random.nextInt(3) == 0) {
        cpu.rdmsr(msr);
      } else {
        cpu.wrmsr(msr, switch (random.nextInt(5)) {
          case 0 -> 0x53_0000L | (random.nextBoolean() ? 0xC0 : 0x3C);
          case 1 -> PerfmonCounters.MASK - random.nextInt(2000);
          case 2 -> 0xFFFF_FFFFL - random.nextInt(2000);
          case 3 -> 0x7_0000_000FL;
          default -> random.nextInt(0x1000);
        });
      }
    } catch (MsrFault refused) {
      // An answer like another.
    }
  }
}
