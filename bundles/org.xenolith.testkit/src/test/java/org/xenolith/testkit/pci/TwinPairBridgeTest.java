// SPDX-License-Identifier: EPL-2.0
package org.xenolith.testkit.pci;

import org.xenolith.machine.api.DeviceModelFactory;
import org.xenolith.pci.kit.ConfigTable;
import org.xenolith.platform.api.InterruptSpecifier;
import org.xenolith.platform.api.PlatformNode;
import org.xenolith.testkit.FakeContext;
import org.xenolith.testkit.FakeNode;
import org.xenolith.testkit.pci.TwinPairBridge.Defect;

/** The correct bridge with a register pair keeps the contract. */
class TwinPairBridgeTest extends HostBridgeContract {
  private static final int MEMORY_SPACE = 2 << 24;
  private static final int GIC = 1;
  private static final int SPI = 3;
  Defect defect = Defect.NONE;

  @Override
  protected DeviceModelFactory factory() {
    return TwinPairBridge.factory(defect);
  }

  /** The pins of device 0 behind the port are those of device 0. */
  @Override
  protected PlatformNode node() {
    long size = defect == Defect.CLAIMS_TOO_LITTLE ? TwinPairBridge.DATA : TwinPairBridge.WINDOW;
    return FakeNode.at(PATH).compatible("example,pair").window(0x40_1000_0000L, size).cells("bus-range", 0, 15)
        .cells("ranges", MEMORY_SPACE, 0, 0x8000_0000, 0, 0x1000_0000, 0, 0x100_0000)
        .cells("interrupt-map-mask", 0, 0, 0, 7).cells("interrupt-map", 0, 0, 0, 1, GIC, 0, SPI, 4, 0, 0, 0, 2, GIC, 0, SPI + 1, 4,
            0, 0, 0, 3, GIC, 0, SPI + 2, 4, 0, 0, 0, 4, GIC, 0, SPI + 3, 4).build();
  }

  @Override
  protected InterruptSpecifier line(int pin) {
    return new InterruptSpecifier("/gic", new int[] {0, SPI + pin - 1, 4});
  }

  @Override
  protected void started(FakeContext bridge) {
    writeConfig(bridge, 0, 0, 0x18, 4, 0x00_0F_01_00);
    writeConfig(bridge, 0, 0, 0x20, 4, 0x80F0_8000);
    writeConfig(bridge, 0, 0, 0x24, 4, 0x0000_FFF0);
    writeConfig(bridge, 0, 0, ConfigTable.COMMAND, 2, ConfigTable.COMMAND_MEMORY | ConfigTable.COMMAND_MASTER);
  }

  @Override
  protected int bus() {
    return 1;
  }

  @Override
  protected int devfn() {
    return 0;
  }

  @Override
  protected int rootPort() {
    return defect == Defect.UNTOLD_PORT ? NO_PORT : 0;
  }

  @Override
  protected boolean occupied(int bus, int devfn) {
    return bus == 0 && devfn == 0;
  }

  private static void aim(FakeContext bridge, int bus, int devfn, int register) {
    bridge.write(0, TwinPairBridge.INDEX, 4, (long) bus << 20 | devfn << 12 | register & ~3);
  }

  @Override
  protected long readConfig(FakeContext bridge, int bus, int devfn, int register, int size) {
    aim(bridge, bus, devfn, register);
    return bridge.read(0, TwinPairBridge.DATA + (register & 3), size);
  }

  @Override
  protected void writeConfig(FakeContext bridge, int bus, int devfn, int register, int size, long value) {
    aim(bridge, bus, devfn, register);
    bridge.write(0, TwinPairBridge.DATA + (register & 3), size, value);
  }
}
