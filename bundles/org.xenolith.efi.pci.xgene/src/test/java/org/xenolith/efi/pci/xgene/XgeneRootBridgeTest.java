// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.pci.xgene;

import org.xenolith.efi.boot.api.EfiAccess;
import org.xenolith.testkit.efi.FakeFirmware;
import org.xenolith.testkit.efi.TreePciHost;
import org.xenolith.testkit.efi.PciRootBridgeIoContract;

/** A port whose window shows the function that a register names. */
class XgeneRootBridgeTest extends PciRootBridgeIoContract {
  private static final long CSR = 0x1F2B_0000L;
  private static final long WINDOW = 0xE0_D001_0000L;
  private static final long REQUESTER = 0x160;
  private static final long STATUS = 0x50;

  private final class Port {
    private final TreePciHost host;
    private long named;

    Port(FakeFirmware firmware) {
      host = new TreePciHost(firmware, 2);
      firmware.registers(this::access);
    }

    private long access(EfiAccess access) {
      if (access.address() == CSR + REQUESTER && access.kind() == EfiAccess.Kind.WRITE) {
        named = access.value();
      }
      long register = access.address() - WINDOW;
      return access.address() == CSR + STATUS ? 0x8100 : register >= 0 && register < 4096 ? named == 0x100 ? host.configuration(
          (int) register, access) : 0xFFFF_FFFFL : host.window(access);
    }
  }

  @Override
  protected Host host() {
    FakeFirmware firmware = new XgeneRootLayerTest().hardware(XgeneRootLayerTest.port(TreePciHost.ranges()));
    return new Port(firmware).host.connect(new XgeneRootLayer(), XgeneRootLayer.PORT);
  }
}
