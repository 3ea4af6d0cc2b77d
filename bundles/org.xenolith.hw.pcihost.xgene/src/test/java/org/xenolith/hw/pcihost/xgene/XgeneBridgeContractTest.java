// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.pcihost.xgene;

import java.util.List;
import org.xenolith.machine.api.ClockGatePort;
import org.xenolith.machine.api.DeviceModelFactory;
import org.xenolith.platform.api.InterruptSpecifier;
import org.xenolith.platform.api.PlatformNode;
import org.xenolith.testkit.FakeContext;
import org.xenolith.testkit.pci.HostBridgeContract;

/** With all its defects, as Linux's driver copes with them: the contract's function is the card behind the root port. */
class XgeneBridgeContractTest extends HostBridgeContract {
  private static final int CFG = 1;

  @Override
  protected DeviceModelFactory factory() {
    return new XgeneHostComponent();
  }

  @Override
  protected PlatformNode node() {
    return Mustang.port().build();
  }

  @Override
  protected List<PlatformNode> beside() {
    return List.of(Mustang.around());
  }

  @Override
  protected void around(FakeContext bridge) {
    bridge.port(Mustang.CLOCK, ClockGatePort.class).drive(false);
  }

  @Override
  protected void started(FakeContext bridge) {
    new Linux(bridge).bringUp().enumerate();
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
    return 0;
  }

  /** Cycles of type 0 reach the root port, whatever device they are for. */
  @Override
  protected boolean occupied(int bus, int devfn) {
    return bus == 0;
  }

  /** Reads are made of whole words. */
  @Override
  protected long readConfig(FakeContext bridge, int bus, int devfn, int register, int size) {
    Linux linux = new Linux(bridge);
    return linux.raw(linux.aim(bus, devfn) | register & ~3, 4) >>> 8 * (register & 3) & 0xFFFF_FFFFL >>> 32 - 8 * size;
  }

  @Override
  protected void writeConfig(FakeContext bridge, int bus, int devfn, int register, int size, long value) {
    bridge.write(CFG, new Linux(bridge).aim(bus, devfn) | register, size, value);
  }

  @Override
  protected InterruptSpecifier line(int pin) {
    return Mustang.spi(pin);
  }
}
