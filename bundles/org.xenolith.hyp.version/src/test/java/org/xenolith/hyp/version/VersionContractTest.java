// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.version;

import org.xenolith.machine.api.DeviceModelFactory;
import org.xenolith.testkit.hyp.HypercallContract;
import org.xenolith.xen.abi.HypercallNumber;

class VersionContractTest extends HypercallContract {
  @Override
  protected int number() {
    return HypercallNumber.__HYPERVISOR_xen_version;
  }

  @Override
  protected String role() {
    return "version";
  }

  @Override
  protected DeviceModelFactory factory() {
    return new VersionComponent();
  }
}
