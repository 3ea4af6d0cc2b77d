// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.physdev;

import org.xenolith.hyp.api.PciDevicesPort;
import org.xenolith.machine.api.DeviceModelFactory;
import org.xenolith.testkit.hyp.HypercallContract;
import org.xenolith.xen.abi.HypercallNumber;

class PhysicalDeviceContractTest extends HypercallContract {
  @Override
  protected int number() {
    return HypercallNumber.__HYPERVISOR_physdev_op;
  }

  @Override
  protected String role() {
    return "physdev";
  }

  @Override
  protected DeviceModelFactory factory() {
    return new PhysicalDeviceComponent();
  }

  @Override
  protected void prepare() {
    PhysicalDeviceTest.addBridges(hyp);
  }

  @Override
  protected void complete() {
    hyp.port(PciDevicesPort.class).attach(new FakePciDevices(), hyp.context(role()));
    PhysicalDeviceTest.drive(hyp);
  }
}
