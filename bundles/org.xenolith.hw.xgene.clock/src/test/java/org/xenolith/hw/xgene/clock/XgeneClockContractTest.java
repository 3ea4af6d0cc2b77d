// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.xgene.clock;

import static org.xenolith.regs.RegisterSpec.at;

import java.util.List;
import org.xenolith.machine.api.DeviceModelFactory;
import org.xenolith.platform.api.PlatformNode;
import org.xenolith.regs.Register;
import org.xenolith.regs.RegisterSpec;
import org.xenolith.testkit.DeviceModelContract;

class XgeneClockContractTest extends DeviceModelContract {
  /** The registers of a PCIe clock, by the binding's defaults. */
  private enum Defaults implements Register {
    RESET(at(0x0, "csr-offset").rw(0xFFFF_FFFFL).reset(0xF)),
    ENABLE(at(0x8, "enable-offset").rw(0xFFFF_FFFFL));

    private final RegisterSpec spec;

    Defaults(RegisterSpec spec) {
      this.spec = spec;
    }

    @Override
    public RegisterSpec spec() {
      return spec;
    }
  }

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
    return List.of(Defaults.values());
  }
}
