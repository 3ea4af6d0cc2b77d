// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.gicv2;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.random.RandomGenerator;
import org.xenolith.machine.api.DeviceModelFactory;
import org.xenolith.platform.api.PlatformNode;
import org.xenolith.regs.Register;
import org.xenolith.regs.RegisterSpec;
import org.xenolith.testkit.DeviceModelContract;
import org.xenolith.testkit.FakeContext;
import org.xenolith.testkit.FakeNode;

class Gicv2ContractTest extends DeviceModelContract {
  private static final long WORD = 0xFFFF_FFFFL;
  private static final long EDGES = 0xAAAA_AAAAL;
  private static final int LINES = 288;

  /** One word of a register group. */
  private record Row(RegisterSpec spec, String name, boolean acts) implements Register, Comparable<Row> {
    @Override
    public int compareTo(Row other) {
      return Integer.compare(spec.offset(), other.spec.offset());
    }
  }

  @Override
  protected DeviceModelFactory factory() {
    return new Gicv2Component();
  }

  @Override
  protected PlatformNode node() {
    return FakeNode.at("/intc@8000000").compatible("arm,cortex-a15-gic").window(0x800_0000, 0x1_0000)
        .window(0x801_0000, 0x1_0000).window(0x803_0000, 0x1_0000).window(0x804_0000, 0x1_0000)
        .interrupt("/intc@8000000", 1, 9, 4).build();
  }

  @Override
  protected int cpus() {
    return 2;
  }

  @Override
  protected List<Row> registers() {
    List<Row> rows = new ArrayList<>();
    row(rows, "GICD_CTLR", 0x000, 3, 0);
    row(rows, "GICD_TYPER", 0x004, 0, LINES / 32 - 1 | 1 << 5);
    row(rows, "GICD_IIDR", 0x008, 0, 0x43B);
    for (int i = 0; i < 32; i++) {
      row(rows, "GICD_IGROUPR" + i, 0x080 + 4 * i, i < LINES / 32 ? WORD : 0, 0);
      for (int group = 0x100; group < 0x400; group += 0x80) {
        // A written one acts on what another register shows as well.
        rows.add(new Row(RegisterSpec.at(group + 4 * i, "4.3").reset(group < 0x200 && i == 0 ? 0xFFFF : 0),
            "one acts at " + Integer.toHexString(group + 4 * i), true));
      }
    }
    for (int i = 0; i < 256; i++) {
      row(rows, "GICD_IPRIORITYR" + i, 0x400 + 4 * i, i < LINES / 4 ? WORD : 0, 0);
      row(rows, "GICD_ITARGETSR" + i, 0x800 + 4 * i, i >= 8 && i < LINES / 4 ? 0x0303_0303 : 0, i < 8 ? 0x0101_0101 : 0);
    }
    for (int i = 0; i < 64; i++) {
      row(rows, "GICD_ICFGR" + i, 0xC00 + 4 * i, i > 0 && i < LINES / 16 ? EDGES : 0, i == 0 ? EDGES : 0);
    }
    return rows;
  }

  private static void row(List<Row> rows, String name, int offset, long rw, long reset) {
    rows.add(new Row(RegisterSpec.at(offset, "4.3").rw(rw).reset(reset), name, false));
  }

  @Override
  protected Set<Row> computed() {
    TreeSet<Row> acting = new TreeSet<>(registers());
    acting.removeIf(row -> !row.acts());
    return acting;
  }

  @Override
  protected void outsideInput(FakeContext context, RandomGenerator random) {
    if (!context.claimed(0)) {
      return;
    }
    int input = 16 + random.nextInt(LINES - 16);
    int cpu = input < 32 ? random.nextInt(2) : -1;
    context.inputs().set(input, cpu, true);
    context.inputs().set(input, cpu, false);
  }
}
