// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.xen.platform;

import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.pci.api.PciDevice;
import org.xenolith.pci.kit.ConfigTable;
import org.xenolith.pci.kit.ConfigTable.BarKind;
import org.xenolith.pci.kit.PciEndpoint;
import org.xenolith.regs.DeviceState;

/**
 * Xen's platform device: its ids say that there is a hypervisor, and its BAR 1 is a piece of address space with nothing in it, where a driver
 * has the hypervisor map the grant table (edk2, {@code OvmfPkg/XenIoPciDxe}). It does nothing by itself.
 */
final class XenPlatform implements DeviceModel, PciDevice {
  /** XenSource, Inc., and its first device (the PCI ID repository); the same as subsystem. */
  private static final int VENDOR = 0x5853;
  private static final int DEVICE = 0x0001;
  /** Unassigned class (0xFF), sub-class 0x80, as in lists of virtual machines with that device. */
  private static final int CLASS = 0xFF_8000;
  private static final int REVISION = 1;
  private static final int PORTS = 0;
  private static final int PORTS_SIZE = 0x100;
  private static final int ROOM = 1;
  private static final int ROOM_SIZE = 16 << 20;

  private final DeviceState state = new DeviceState();
  private final PciEndpoint pci;

  XenPlatform(DeviceContext context) {
    pci = new PciEndpoint(context, state, ConfigTable.endpoint(VENDOR, DEVICE, CLASS, REVISION).subsystem(VENDOR, DEVICE)
        .bar(PORTS, BarKind.IO, PORTS_SIZE).bar(ROOM, BarKind.MEMORY32, ROOM_SIZE).build(), this);
  }

  @Override
  public long readBar(int bar, long offset, int size) {
    return 0;
  }

  @Override
  public void writeBar(int bar, long offset, int size, long value) {
    // nothing is there
  }

  @Override
  public void functionReset() {
    // has nothing but its configuration space
  }

  @Override
  public DeviceState state() {
    return state;
  }

  @Override
  public void reset() {
    state.reset();
    pci.reset();
  }

  @Override
  public void restored() {
    pci.restored();
  }

  @Override
  public void removed() {
    pci.removed();
  }
}
