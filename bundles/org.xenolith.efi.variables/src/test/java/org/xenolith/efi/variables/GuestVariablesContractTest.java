// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.variables;

import java.util.List;
import java.util.UUID;
import java.util.random.RandomGenerator;
import org.xenolith.efi.api.GuestVariablesPort;
import org.xenolith.efi.api.VariableName;
import org.xenolith.machine.api.DeviceModelFactory;
import org.xenolith.platform.api.PlatformNode;
import org.xenolith.regs.Register;
import org.xenolith.testkit.DeviceModelContract;
import org.xenolith.testkit.FakeContext;
import org.xenolith.testkit.FakeNode;

/** What every model keeps: the domains' accesses are calls of the port. */
class GuestVariablesContractTest extends DeviceModelContract {
  @Override
  protected DeviceModelFactory factory() {
    return new GuestVariablesComponent();
  }

  @Override
  protected PlatformNode node() {
    return FakeNode.at("/xenolith-hypervisor").compatible("xenolith,hypervisor").build();
  }

  @Override
  protected List<? extends Register> registers() {
    return List.of();
  }

  @Override
  protected void outsideInput(FakeContext context, RandomGenerator random) {
    GuestVariablesPort port = context.port(GuestVariablesPort.class);
    UUID domain = new UUID(0, random.nextInt(3));
    VariableName name = new VariableName("V" + random.nextInt(6), StoreStand.VENDOR);
    switch (random.nextInt(10)) {
      case 0 -> port.begins(domain);
      case 1 -> port.exitBootServices(domain);
      case 2 -> port.getNextHighMonotonicCount(domain);
      case 3 -> port.getVariable(domain, name, 100);
      default -> {
        byte[] data = new byte[random.nextInt(80)];
        random.nextBytes(data);
        port.setVariable(domain, name, random.nextInt(8), data);
      }
    }
  }
}
