// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.gicv3;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.random.RandomGenerator;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.machine.api.DeviceModelFactory;
import org.xenolith.machine.api.ModelDescription;
import org.xenolith.arm.api.SystemRegisterTrap;
import org.xenolith.platform.api.PlatformNode;
import org.xenolith.regs.Register;
import org.xenolith.regs.RegisterSpec;
import org.xenolith.testkit.DeviceModelContract;
import org.xenolith.testkit.FakeContext;
import org.xenolith.testkit.FakeCpu;
import org.xenolith.testkit.FakeNode;

class Gicv3ContractTest extends DeviceModelContract {
  private static final long WORD = 0xFFFF_FFFFL;
  private static final long EDGES = 0xAAAA_AAAAL;
  private static final int LINES = 256;
  /** What stands in GICD_TYPER without LPIs. */
  static final long TYPER = 0x378_0000 | LINES / 32 - 1;

  /** One word of a register group. */
  private record Row(RegisterSpec spec, String name, boolean acts) implements Register, Comparable<Row> {
    @Override
    public int compareTo(Row other) {
      return Integer.compare(spec.offset(), other.spec.offset());
    }
  }

  /** With EL2, so that the virtual interface is there. */
  @Override
  protected DeviceModelFactory factory() {
    DeviceModelFactory component = new Gicv3Component();
    return new DeviceModelFactory() {
      @Override
      public ModelDescription description() {
        return component.description();
      }

      @Override
      public DeviceModel create(DeviceContext context) {
        context.processors().cpus().forEach(cpu -> ((FakeCpu) cpu).systemRegister(IccRegisters.ID_AA64PFR0_EL1, 0x111));
        return component.create(context);
      }
    };
  }

  @Override
  protected PlatformNode node() {
    return builder().build();
  }

  static FakeNode builder() {
    return FakeNode.at("/intc@8000000").compatible("arm,gic-v3").window(0x800_0000, 0x1_0000).window(0x80A_0000, 0x4_0000)
        .interrupt("/intc@8000000", 1, 9, 4);
  }

  @Override
  protected int cpus() {
    return 2;
  }

  @Override
  protected List<Row> registers() {
    List<Row> rows = new ArrayList<>();
    row(rows, "GICD_CTLR", 0x000, 3, 0x50);
    row(rows, "GICD_TYPER", 0x004, 0, typer());
    row(rows, "GICD_IIDR", 0x008, 0, 0x43B);
    row(rows, "GICD_TYPER2", 0x00C, 0, 0);
    for (int i = 0; i < 32; i++) {
      row(rows, "GICD_IGROUPR" + i, 0x080 + 4 * i, i > 0 && i < LINES / 32 ? WORD : 0, 0);
      for (int group = 0x100; group < 0x400; group += 0x80) {
        rows.add(new Row(RegisterSpec.at(group + 4 * i, "12.9"), "one acts at " + Integer.toHexString(group + 4 * i), true));
      }
    }
    for (int i = 0; i < 256; i++) {
      row(rows, "GICD_IPRIORITYR" + i, 0x400 + 4 * i, i >= 8 && i < LINES / 4 ? WORD : 0, 0);
      row(rows, "GICD_ITARGETSR" + i, 0x800 + 4 * i, 0, 0);
    }
    for (int i = 0; i < 64; i++) {
      row(rows, "GICD_ICFGR" + i, 0xC00 + 4 * i, i > 1 && i < LINES / 16 ? EDGES : 0, 0);
    }
    for (int i = 32; i < LINES; i++) {
      rows.add(new Row(RegisterSpec.at(0x6000 + 8 * i, "12.9.22").wide().rw(0xFF_00FF_FFFFL), "GICD_IROUTER" + i, false));
    }
    return rows;
  }

  /** What stands in GICD_TYPER. */
  long typer() {
    return TYPER;
  }

  private static void row(List<Row> rows, String name, int offset, long rw, long reset) {
    rows.add(new Row(RegisterSpec.at(offset, "12.9").rw(rw).reset(reset), name, false));
  }

  @Override
  protected Set<Row> computed() {
    TreeSet<Row> acting = new TreeSet<>(registers());
    acting.removeIf(row -> !row.acts());
    return acting;
  }

  /** Pulses on inputs, and the system registers of a CPU at EL1 or EL2, with and without redirection to the virtual ones. */
  @Override
  protected void outsideInput(FakeContext context, RandomGenerator random) {
    FakeCpu cpu = context.cpus().get(random.nextInt(2));
    int[] ids = cpu.claimedRegisters();
    if (ids.length == 0) {
      return;
    }
    int input = 16 + random.nextInt(LINES - 16);
    int of = input < 32 ? random.nextInt(2) : -1;
    context.inputs().set(input, of, true);
    context.inputs().set(input, of, false);
    cpu.exceptionLevel(1 + random.nextInt(2));
    cpu.systemRegister(IccRegisters.HCR_EL2, random.nextInt(4) << 3);
    try {
      int id = ids[random.nextInt(ids.length)];
      if (random.nextBoolean()) {
        cpu.mrs(id);
      } else {
        cpu.msr(id, random.nextBoolean() ? random.nextInt(256) : random.nextLong());
      }
    } catch (SystemRegisterTrap trap) {
      // Write-only and read-only registers.
    }
  }
}
