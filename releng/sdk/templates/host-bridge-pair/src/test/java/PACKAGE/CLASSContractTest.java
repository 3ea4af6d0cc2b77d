// SPDX-License-Identifier: EPL-2.0
package @PACKAGE@;

import org.xenolith.machine.api.DeviceModelFactory;
import org.xenolith.platform.api.PlatformNode;
import org.xenolith.testkit.FakeContext;
import org.xenolith.testkit.pci.HostBridgeContract;

/** What every host bridge must keep, with configuration cycles as this one's software makes them. */
class @CLASS@ContractTest extends HostBridgeContract {
  @Override protected DeviceModelFactory factory() {
    return new @CLASS@Component();
  }

  @Override protected PlatformNode node() {
    return bridge(8, "@VENDOR@,@NAME@").build();
  }

  static void aim(FakeContext bridge, int bus, int devfn, int register) {
    bridge.write(0, @CLASS@.INDEX, 4, @CLASS@.ENABLE | bus << 16 | devfn << 8 | register & ~3);
  }

  @Override protected long readConfig(FakeContext bridge, int bus, int devfn, int register, int size) {
    aim(bridge, bus, devfn, register);
    return bridge.read(0, @CLASS@.DATA + (register & 3), size);
  }

  @Override protected void writeConfig(FakeContext bridge, int bus, int devfn, int register, int size, long value) {
    aim(bridge, bus, devfn, register);
    bridge.write(0, @CLASS@.DATA + (register & 3), size, value);
  }
}
