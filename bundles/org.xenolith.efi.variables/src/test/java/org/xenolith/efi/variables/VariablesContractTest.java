// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.variables;

import java.util.List;
import java.util.random.RandomGenerator;
import org.xenolith.efi.api.EfiGuid;
import org.xenolith.efi.api.VariableName;
import org.xenolith.efi.api.VariablesPort;
import org.xenolith.machine.api.DeviceModelFactory;
import org.xenolith.platform.api.PlatformNode;
import org.xenolith.regs.Register;
import org.xenolith.testkit.DeviceModelContract;
import org.xenolith.testkit.FakeContext;
import org.xenolith.testkit.FakeNode;

/** What every model keeps, without a disk: the guest's accesses are calls of the port. */
class VariablesContractTest extends DeviceModelContract {
  private static final int[] ATTRIBUTES = {0, 2, 3, 6, 7, 7, 7, 0x47, 0x27, 0x0F, 0xFF};

  @Override
  protected DeviceModelFactory factory() {
    return new VariablesComponent();
  }

  @Override
  protected PlatformNode node() {
    return FakeNode.at("/xenolith-firmware").compatible("xenolith,firmware").build();
  }

  @Override
  protected List<? extends Register> registers() {
    return List.of();
  }

  @Override
  protected void outsideInput(FakeContext context, RandomGenerator random) {
    VariablesPort port = context.port(VariablesPort.class);
    VariableName name = new VariableName(random.nextInt(20) == 0 ? "" : "V" + random.nextInt(6),
        random.nextBoolean() ? StoreStand.VENDOR : EfiGuid.IMAGE_SECURITY_DATABASE);
    switch (random.nextInt(40)) {
      case 0 -> port.exitBootServices();
      case 1, 2, 3 -> port.getNextHighMonotonicCount();
      case 4, 5, 6 -> port.queryVariableInfo(random.nextInt(0x200));
      case 7, 8, 9, 10 -> port.getNextVariableName(name, random.nextInt(10));
      case 11, 12, 13, 14 -> port.getVariable(name, random.nextInt(100));
      default -> {
        byte[] data = new byte[random.nextInt(80)];
        random.nextBytes(data);
        port.setVariable(name, ATTRIBUTES[random.nextInt(ATTRIBUTES.length)], data);
      }
    }
  }
}
