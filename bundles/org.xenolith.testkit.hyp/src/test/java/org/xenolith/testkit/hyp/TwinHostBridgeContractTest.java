// SPDX-License-Identifier: EPL-2.0
package org.xenolith.testkit.hyp;

import org.xenolith.fdt.FdtProperty;
import org.xenolith.hyp.api.HostBridgePort;
import org.xenolith.machine.api.DeviceModelFactory;
import org.xenolith.machine.api.PhysicalBus;
import org.xenolith.platform.api.PlatformNode;
import org.xenolith.testkit.FakeNode;
import org.xenolith.testkit.hyp.TwinHostBridge.Defect;

/** The contract of a driver without defect; with one it is a twin for {@link HostBridgeDriverContractTest}. */
class TwinHostBridgeContractTest extends HostBridgeDriverContract {
  private TwinHostBridge twin = new TwinHostBridge(Defect.NONE);

  static TwinHostBridgeContractTest with(Defect defect) {
    TwinHostBridgeContractTest test = new TwinHostBridgeContractTest();
    test.twin = new TwinHostBridge(defect);
    return test;
  }

  @Override
  protected DeviceModelFactory factory() {
    return twin;
  }

  @Override
  protected String role() {
    return "pcihost.twin";
  }

  @Override
  protected PlatformNode node() {
    return FakeNode.at("/pcie").compatible("twin,host").property(FdtProperty.ofStrings("device_type", "pci"))
        .window(TwinHostBridge.BASE, 0x40_0000).cells("bus-range", 0x10, 0x13).build();
  }

  @Override
  protected PhysicalBus hardware() {
    return new PhysicalBus() {
      private int rid(long address) {
        return (int) (address - TwinHostBridge.BASE >>> 12) + 0x1000;
      }

      @Override
      public long read(long address, int size) {
        return behind.read(rid(address), (int) address & 0xFFF, size) & 0xFFFF_FFFFL;
      }

      @Override
      public void write(long address, int size, long value) {
        behind.write(rid(address), (int) address & 0xFFF, size, (int) value);
      }
    };
  }

  @Override
  protected long aim(HostBridgePort bridge, FakeConfiguration seen, int rid, int register) {
    return TwinHostBridge.BASE + ((rid & 0xFFFFL) - 0x1000 << 12) + register;
  }
}
