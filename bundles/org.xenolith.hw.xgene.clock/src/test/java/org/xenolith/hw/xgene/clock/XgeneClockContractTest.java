// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.xgene.clock;

import static org.xenolith.regs.RegisterSpec.at;

import java.util.List;
import org.xenolith.machine.api.DeviceModelFactory;
import org.xenolith.platform.api.PlatformNode;
import org.xenolith.regs.Register;
import org.xenolith.testkit.DeviceModelContract;
import org.xenolith.testkit.RegisterRow;

class XgeneClockContractTest extends DeviceModelContract {
  /** The registers of a PCIe clock, by the binding's defaults. */
  private static final List<RegisterRow> DEFAULTS = List.of(new RegisterRow("RESET", at(0x0, "csr-offset").rw(0xFFFF_FFFFL).reset(0xF)),
      new RegisterRow("ENABLE", at(0x8, "enable-offset").rw(0xFFFF_FFFFL)));

  @Override
  protected DeviceModelFactory factory() {
    return new XgeneClockComponent();
  }

  @Override
  protected PlatformNode node() {
    return XgeneClockTest.pcie0().build();
  }

  @Override
  protected List<? extends Register> registers() {
    return DEFAULTS;
  }
}
