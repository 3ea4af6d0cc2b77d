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

  /** SDM volume 3, table 12-1 and the clauses behind the lines. */
  @Override
  protected String manual() {
    return """
        020 ID 0 0                      # 12.4.6: of the CPU
        030 VERSION 1050014 0           # 12.4.8: 14h, last entry 5 of the LVT, EOI broadcasts can be suppressed
        080 TPR 0 ff                    # 12.8.3.1
        090 APR 0 0
        0A0 PPR 0 0
        0B0 EOI 0 0                     # 12.8.5
        0C0 RRD 0 0
        0D0 LDR 0 ff000000              # 12.6.2.2
        0E0 DFR ffffffff f0000000
        0F0 SVR ff 11ff                 # 12.9: vector 7:0, enable 8, suppression of EOI broadcasts 12
        100 ISR0 0 0
        110 ISR1 0 0
        120 ISR2 0 0
        130 ISR3 0 0
        140 ISR4 0 0
        150 ISR5 0 0
        160 ISR6 0 0
        170 ISR7 0 0
        180 TMR0 0 0
        190 TMR1 0 0
        1A0 TMR2 0 0
        1B0 TMR3 0 0
        1C0 TMR4 0 0
        1D0 TMR5 0 0
        1E0 TMR6 0 0
        1F0 TMR7 0 0
        200 IRR0 0 0
        210 IRR1 0 0
        220 IRR2 0 0
        230 IRR3 0 0
        240 IRR4 0 0
        250 IRR5 0 0
        260 IRR6 0 0
        270 IRR7 0 0
        280 ESR 0 0                     # 12.5.3
        300 ICR_LOW 0 ccfff             # 12.6.1: vector, delivery mode, destination mode 11; level 14, trigger 15, shorthand 19:18
        310 ICR_HIGH 0 ff000000
        320 LVT_TIMER 10000 700ff       # 12.5.1: vector 7:0, mask 16, mode 18:17
        330 LVT_THERMAL 10000 107ff
        340 LVT_PERFORMANCE 10000 107ff
        350 LVT_LINT0 10000 1a7ff       # also polarity 13, trigger 15
        360 LVT_LINT1 10000 1a7ff
        370 LVT_ERROR 10000 100ff
        380 INITIAL_COUNT 0 ffffffff    # 12.5.4
        390 CURRENT_COUNT 0 0
        3E0 DIVIDE 0 b                  # 3, 1 and 0
        """;
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
