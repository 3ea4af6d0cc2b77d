// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.lapic;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.xenolith.lapic.kit.LapicRegister;
import org.xenolith.machine.api.DeviceModelFactory;
import org.xenolith.platform.api.PlatformNode;
import org.xenolith.regs.Register;
import org.xenolith.regs.RegisterSpec;
import org.xenolith.testkit.DeviceModelContract;
import org.xenolith.testkit.FakeContext;
import org.xenolith.x64.api.MsrFault;

/** The contract; between two accesses messages arrive, CPUs take interrupts and access model-specific registers. */
class LapicContractTest extends DeviceModelContract {
  private static final long DEADLINE_SPAN = 4_000_000;

  /** An offset that is reserved: an access is an error that the next write to ESR shows. */
  private record Reserved(RegisterSpec spec, String name) implements Register {
    Reserved(int offset) {
      this(RegisterSpec.at(offset, "SDM volume 3, table 12-1"), "reserved at " + Integer.toHexString(offset));
    }
  }

  @Override
  protected DeviceModelFactory factory() {
    return LapicBench.withCpus(i -> i);
  }

  @Override
  protected PlatformNode node() {
    // The interrupt isn't the device's: it shows the levels of INTR to the contract.
    return LapicBench.node().interrupt("/cpus", 0).build();
  }

  @Override
  protected int cpus() {
    return 2;
  }

  @Override
  protected List<? extends Register> registers() {
    List<Register> rows = new ArrayList<>(List.of(LapicRegister.values()));
    rows.add(new Reserved(0x000));
    rows.add(new Reserved(0x010));
    return rows;
  }

  @Override
  protected Set<? extends Register> absent() {
    return Set.of(new Reserved(0x000), new Reserved(0x010));
  }

  /** A read where there is nothing is an error, which is noted for ESR; one of the count brings it to the present. */
  @Override
  protected Set<? extends Register> actingReads() {
    return Set.of(new Reserved(0x000), new Reserved(0x010), LapicRegister.CURRENT_COUNT);
  }

  /** Entries of the local vector table stay masked while software has disabled the APIC. */
  @Override
  protected Set<? extends Register> computed() {
    return Set.of(LapicRegister.LVT_TIMER, LapicRegister.LVT_THERMAL, LapicRegister.LVT_PERFORMANCE, LapicRegister.LVT_LINT0,
        LapicRegister.LVT_LINT1, LapicRegister.LVT_ERROR);
  }

  @Override
  protected void outsideInput(FakeContext context, RandomGenerator random) {
    if (!context.claimed(0)) {
      return;
    }
    RecordingX64Cpu cpu = context.cpus().get(random.nextInt(2)).as(RecordingX64Cpu.class);
    switch (random.nextInt(6)) {
      case 0 -> context.message(0, -1, random.nextInt(4) << 12 | random.nextInt(4) << 2, random.nextInt(0x1_0000));
      case 1 -> {
        if (cpu.interrupt()) {
          cpu.controller().acknowledge();
        }
      }
      case 2 -> cpu.controller().taskPriority(random.nextInt(16));
      case 3 -> {
        // A driver that starts it, so that more is seen than errors.
        context.initiator(cpu.index());
        context.write(LapicBench.SVR, 0x1FF);
        context.write(LapicBench.LVT_TIMER, random.nextInt(3) << 17 | 0x40 + random.nextInt(64));
      }
      default -> {
        try {
          msr(cpu, random);
        } catch (MsrFault refused) {
          // An answer like another.
        }
      }
    }
  }

  private static void msr(RecordingX64Cpu cpu, RandomGenerator random) {
    switch (random.nextInt(4)) {
      case 0 -> cpu.wrmsr(LapicBench.APIC_BASE, 0xFEE0_0000L | random.nextInt(4) << 10);
      case 1 -> cpu.wrmsr(LapicBench.DEADLINE, cpu.timeStamp() + random.nextLong(DEADLINE_SPAN));
      case 2 -> cpu.rdmsr(0x800 + random.nextInt(0x40));
      default -> cpu.wrmsr(0x800 + random.nextInt(0x40), random.nextBoolean() ? random.nextInt(256) : random.nextInt());
    }
  }
}
