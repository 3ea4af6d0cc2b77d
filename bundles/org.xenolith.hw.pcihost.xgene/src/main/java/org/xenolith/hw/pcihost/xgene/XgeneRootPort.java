// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.pcihost.xgene;

import static org.xenolith.hw.pcihost.xgene.XgeneRegister.BRIDGE_CFG_0;
import static org.xenolith.hw.pcihost.xgene.XgeneRegister.BRIDGE_CFG_4;
import static org.xenolith.hw.pcihost.xgene.XgeneRegister.BRIDGE_CFG_5;
import static org.xenolith.hw.pcihost.xgene.XgeneRegister.BRIDGE_CFG_6;

import org.xenolith.pci.api.PciBusPort;
import org.xenolith.pci.api.PciSlot;
import org.xenolith.pci.kit.Capability;
import org.xenolith.pci.kit.ConfigTable;
import org.xenolith.pci.kit.PciBridge;
import org.xenolith.regs.DeviceState;
import org.xenolith.regs.RegisterFile;

/**
 * The only function on the root bus, which the port has in itself: a PCI-to-PCI bridge. Its ids are a register of the port, its BARs
 * are where devices find memory, and it has no access control services (Linux knows it as a port that isolates without).
 */
final class XgeneRootPort {
  private static final int VENDOR = 0x10E8;
  private static final int DEVICE = 0xE004;
  private static final int REVISION = 4;
  private static final int PCI_BRIDGE = 0x06_0400;
  private static final int BAR0 = ConfigTable.BAR0;
  private static final int BAR1 = ConfigTable.BAR0 + 4;
  /** Linux looks for Root Control here, so the PCI Express capability is the first one. */
  private static final int EXPRESS = 0x40;
  private static final int LINK_CAPABILITIES = EXPRESS + 0x0C;
  private static final int LINK_CONTROL = EXPRESS + 0x10;
  private static final int LINK_STATUS = EXPRESS + 0x12;
  private static final int ROOT_CONTROL = EXPRESS + 0x1C;
  private static final int LINK_CAPABILITIES_2 = EXPRESS + 0x2C;
  private static final int LINK_CONTROL_2 = EXPRESS + 0x30;
  private static final int REPORTS_ACTIVE_LINK = 1 << 20;
  private static final int ACTIVE_LINK = 1 << 13;
  private static final int CRS_SOFTWARE_VISIBILITY = 1 << 4;
  private static final long FLAGS = 0xF;
  private static final int STATUS_UP = 1 << 8;
  private static final int RATE_SHIFT = 14;
  private static final int LANES_SHIFT = 26;

  private final RegisterFile<XgeneRegister> registers;
  private final PciBridge bridge;
  private final PciBusPort below;
  private final boolean bars;
  private final int lanes;
  private final int generation;

  /**
   * @param root       the bus that it is on
   * @param below      the bus behind it
   * @param bars       whether its BARs can be seen and hold the address of inbound region 1
   * @param lanes      1, 2, 4 or 8
   * @param generation 1 to 3
   */
  XgeneRootPort(RegisterFile<XgeneRegister> registers, DeviceState state, PciBusPort root, PciBusPort below, boolean bars, int lanes,
      int generation) {
    this.registers = registers;
    this.below = below;
    this.bars = bars;
    this.lanes = lanes;
    this.generation = generation;
    int link = generation | lanes << 4;
    bridge = new PciBridge(new PciSlot(root, 0), below, state, ConfigTable.bridge(VENDOR, DEVICE, PCI_BRIDGE, REVISION).pin(1)
        .field(BAR0, 4, 0, -1, 0).field(BAR1, 4, 0, -1, 0)
        .capability(Capability.express(Capability.Express.ROOT_PORT)).capability(Capability.powerManagement(true))
        .capability(Capability.advancedErrors(true))
        .field(LINK_CAPABILITIES, 4, link | REPORTS_ACTIVE_LINK, 0, 0).field(LINK_STATUS, 2, link | ACTIVE_LINK, 0, 0)
        .field(LINK_CAPABILITIES_2, 4, (1 << generation) - 1 << 1, 0, 0).field(LINK_CONTROL_2, 2, generation, 0x3F, 0).build());
  }

  /** A configuration read of the word at a multiple of 4. */
  int read(int offset) {
    return switch (offset) {
      case ConfigTable.VENDOR_ID -> (int) registers.get(BRIDGE_CFG_0);
      case BAR0 -> bars ? (int) bar() : 0;
      case BAR1 -> bars ? (int) (bar() >>> 32) : 0;
      case LINK_CONTROL -> up() ? bridge.readConfig(offset, 4) : bridge.readConfig(offset, 2);
      default -> bridge.readConfig(offset, 4);
    };
  }

  /** A configuration write of 1, 2 or 4 aligned bytes. */
  void write(int offset, int size, int value) {
    if (bars || offset < BAR0 || offset >= BAR1 + 4) {
      bridge.writeConfig(offset, size, value);
    }
  }

  /** What BAR0 and BAR1 read: the mask of region 1 says which bits of the address there are, its low bits are the BAR's kind. */
  private long bar() {
    long mask = inboundMask();
    return bridge.config().readLong(BAR0) & mask & ~FLAGS | mask & FLAGS;
  }

  /** The mask of inbound region 1 with the BAR's flags in 3:0. */
  long inboundMask() {
    return registers.get(BRIDGE_CFG_4) >>> 16 | registers.get(BRIDGE_CFG_5) << 16 | registers.get(BRIDGE_CFG_6) << 48;
  }

  /** The bus address of inbound region 1. */
  long inboundBase() {
    return bar() & ~FLAGS;
  }

  /** Whether software has turned on CRS software visibility. */
  boolean crsVisible() {
    return (bridge.readConfig(ROOT_CONTROL, 2) & CRS_SOFTWARE_VISIBILITY) != 0;
  }

  /** The link is up when there is something at its other end. */
  private boolean up() {
    for (int devfn = 0; devfn < PciBusPort.FUNCTIONS; devfn++) {
      if (below.function(devfn) != null) {
        return true;
      }
    }
    return false;
  }

  /** CTLANDSTATUS. */
  long linkStatus() {
    return up() ? STATUS_UP | generation - 1 << RATE_SHIFT : 0;
  }

  /** BRIDGE_STATUS_0. */
  long linkWidth() {
    return up() ? (long) lanes << LANES_SHIFT : 0;
  }

  void reset() {
    bridge.reset();
  }

  void restored() {
    bridge.restored();
  }

  void removed() {
    bridge.removed();
  }
}
