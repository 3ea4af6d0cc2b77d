// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.pcihost.xgene;

import java.util.List;
import org.xenolith.fdt.FdtProperty;
import org.xenolith.machine.api.DeviceModelFactory;
import org.xenolith.platform.api.PlatformNode;
import org.xenolith.regs.Register;
import org.xenolith.testkit.DeviceModelContract;
import org.xenolith.testkit.FakeNode;

class XgeneHostContractTest extends DeviceModelContract {
  @Override
  protected DeviceModelFactory factory() {
    return new XgeneHostComponent();
  }

  /** A port alone in its tree, so without a clock. */
  @Override
  protected PlatformNode node() {
    return FakeNode.at("/pcie@1f2b0000").compatible("apm,xgene-storm-pcie", "apm,xgene-pcie").window(0x1F2B_0000, 0x1_0000)
        .window(Mustang.CONFIG, 0x4_0000).property(FdtProperty.ofStrings("reg-names", "csr", "cfg"))
        .option(XgeneHostComponent.CLOCK_GATE, "false").build();
  }

  @Override
  protected List<? extends Register> registers() {
    return List.of(XgeneRegister.values());
  }
}
