// SPDX-License-Identifier: EPL-2.0
package org.xenolith.firmware.efi;

import java.util.List;
import java.util.random.RandomGenerator;
import org.xenolith.efi.api.FirmwareNode;
import org.xenolith.efi.api.ResetType;
import org.xenolith.efi.api.RuntimeServicesPort;
import org.xenolith.efi.api.VariableName;
import org.xenolith.machine.api.DeviceModelFactory;
import org.xenolith.platform.api.PlatformNode;
import org.xenolith.regs.Register;
import org.xenolith.testkit.DeviceModelContract;
import org.xenolith.testkit.FakeContext;
import org.xenolith.testkit.FakeNode;

/** What every model keeps; the guest's accesses are calls of the port. */
class EfiFirmwareContractTest extends DeviceModelContract {
  @Override
  protected DeviceModelFactory factory() {
    return new EfiFirmwareComponent();
  }

  @Override
  protected PlatformNode node() {
    return FakeNode.at(FirmwareNode.PATH).compatible(FirmwareNode.COMPATIBLE).build();
  }

  @Override
  protected List<? extends Register> registers() {
    return List.of();
  }

  @Override
  protected void outsideInput(FakeContext context, RandomGenerator random) {
    RuntimeServicesPort port = context.port(RuntimeServicesPort.class);
    switch (random.nextInt(4)) {
      case 0 -> port.getTime();
      case 1 -> port.setVariable(VariableName.global("A"), random.nextInt(), new byte[random.nextInt(9)]);
      case 2 -> port.updateCapsule(List.of(), random.nextLong());
      default -> port.resetSystem(ResetType.of(random.nextInt(5)), random.nextLong(), new byte[random.nextInt(9)]);
    }
  }
}
