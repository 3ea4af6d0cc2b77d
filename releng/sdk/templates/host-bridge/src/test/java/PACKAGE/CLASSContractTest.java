// SPDX-License-Identifier: EPL-2.0
package @PACKAGE@;

import org.xenolith.machine.api.DeviceModelFactory;
import org.xenolith.platform.api.PlatformNode;
import org.xenolith.testkit.pci.HostBridgeContract;

/** What every host bridge must keep. One that isn't an ECAM says here how its configuration cycles are made. */
class @CLASS@ContractTest extends HostBridgeContract {
  @Override protected DeviceModelFactory factory() {
    return new @CLASS@Component();
  }

  @Override protected PlatformNode node() {
    return ecam("@VENDOR@,@NAME@").build();
  }
}
