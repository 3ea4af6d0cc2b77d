// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.xgene.msi;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.xenolith.machine.api.DeviceModelFactory;
import org.xenolith.platform.api.PlatformNode;
import org.xenolith.regs.Register;
import org.xenolith.regs.RegisterSpec;
import org.xenolith.testkit.DeviceModelContract;
import org.xenolith.testkit.FakeContext;
import org.xenolith.testkit.RegisterRow;

class XgeneMsiContractTest extends DeviceModelContract {
  private static final List<RegisterRow> INDICES = rows("MSI%XIR%d", 0, 8);
  private static final List<RegisterRow> SUMMARIES = rows("MSIINT%X", 0x80_0000, 1);

  private static List<RegisterRow> rows(String name, int base, int each) {
    List<RegisterRow> rows = new ArrayList<>();
    for (int i = 0; i < 16 * each; i++) {
      rows.add(new RegisterRow(name.formatted(i / each, i % each), RegisterSpec.at(base + (i << 16), "pci-xgene-msi.c")));
    }
    return rows;
  }

  @Override
  protected DeviceModelFactory factory() {
    return new XgeneMsiComponent();
  }

  @Override
  protected PlatformNode node() {
    return XgeneMsiTest.node().build();
  }

  @Override
  protected List<? extends Register> registers() {
    List<RegisterRow> all = new ArrayList<>(INDICES);
    all.addAll(SUMMARIES);
    return all;
  }

  @Override
  protected Set<? extends Register> computed() {
    return Set.copyOf(INDICES);
  }

  /** A read takes what came. */
  @Override
  protected Set<? extends Register> actingReads() {
    return Set.copyOf(INDICES);
  }

  @Override
  protected void outsideInput(FakeContext context, RandomGenerator random) {
    if (context.claimed(0)) {
      context.message(0, random.nextInt(0x1_0000), random.nextLong(0x90_0000) & ~0xFFFFL, random.nextInt(16));
    }
  }
}
