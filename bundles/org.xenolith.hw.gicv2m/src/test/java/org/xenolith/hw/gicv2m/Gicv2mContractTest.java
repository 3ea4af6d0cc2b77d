// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.gicv2m;

import java.util.List;
import java.util.Set;
import org.xenolith.machine.api.DeviceModelFactory;
import org.xenolith.platform.api.PlatformNode;
import org.xenolith.regs.Register;
import org.xenolith.testkit.DeviceModelContract;
import org.xenolith.testkit.FakeNode;

class Gicv2mContractTest extends DeviceModelContract {
  @Override
  protected DeviceModelFactory factory() {
    return new Gicv2mComponent();
  }

  @Override
  protected PlatformNode node() {
    return FakeNode.at("/intc@8000000/v2m@8020000").compatible("arm,gic-v2m-frame").window(0x802_0000, 0x1000).build();
  }

  @Override
  protected List<? extends Register> registers() {
    return List.of(Gicv2mRegister.values());
  }

  /** Server Base System Architecture, GICv2m registers. */
  @Override
  protected String manual() {
    return """
        008 MSI_TYPER     0   0   # of the node
        040 MSI_SETSPI_NS 0   0   # write-only
        FCC MSI_IIDR      43b 0   # Arm
        """;
  }

  @Override
  protected Set<? extends Register> computed() {
    return Set.of(Gicv2mRegister.MSI_TYPER);
  }
}
