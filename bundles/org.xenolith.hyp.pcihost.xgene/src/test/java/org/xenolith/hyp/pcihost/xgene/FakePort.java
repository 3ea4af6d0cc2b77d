// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.pcihost.xgene;

import org.xenolith.fdt.FdtProperty;
import org.xenolith.machine.api.PhysicalBus;
import org.xenolith.platform.api.PlatformNode;
import org.xenolith.testkit.FakeNode;
import org.xenolith.testkit.hyp.FakeConfiguration;

/** Registers and configuration window of a port, with every defect that Linux's driver knows (pci-xgene.c, for facts). */
final class FakePort implements PhysicalBus {
  static final long REGISTERS = 0x1F2B_0000L;
  static final long WINDOW = 0xE0_D000_0000L;
  static final int RTDID = 0x160;
  static final int STATUS = 0x50;
  private static final int ROOT_CONTROL = 0x5C;

  private final FakeConfiguration behind;
  private int selector;
  /** A write that is still on its way; the next access to a register waits for it. */
  private int posted;
  boolean clock = true;
  long other = 0xC0DE;

  FakePort(FakeConfiguration behind) {
    this.behind = behind;
    // Root capabilities: CRS software visibility.
    behind.add(0, 0xE004_10E8).put(ROOT_CONTROL, 4, 1 << 16);
  }

  static PlatformNode node() {
    return FakeNode.at("/soc/pcie@1f2b0000").compatible("apm,xgene-storm-pcie", "apm,xgene-pcie")
        .property(FdtProperty.ofStrings("device_type", "pci")).window(REGISTERS, 0x1_0000).window(WINDOW, 0x4_0000)
        .property(FdtProperty.ofStrings("reg-names", "csr", "cfg")).cells("bus-range", 0, 0x3F).build();
  }

  private boolean window(long address) {
    return address >= WINDOW;
  }

  @Override
  public long read(long address, int size) {
    if (!window(address)) {
      selector = posted;
      return !clock ? 0 : address == REGISTERS + RTDID ? selector : other;
    }
    int word = clock ? word((int) (address - WINDOW)) : -1;
    return word & -1L >>> 64 - 8 * size;
  }

  /** However narrow the read, the lowest bits of the word. */
  private int word(int offset) {
    int register = offset & 0xFFC;
    if (offset >>> 16 == 0) {
      return behind.read(0, register, 4);
    }
    int word = behind.read(selector, register, 4);
    return word == -1 && register == 0 && (behind.at(0).get(ROOT_CONTROL, 2) & 0x10) != 0 ? 0xFFFF_0001 : word;
  }

  @Override
  public void write(long address, int size, long value) {
    if (!clock) {
      return;
    }
    if (!window(address)) {
      selector = posted;
      if (address == REGISTERS + RTDID) {
        posted = (int) value & 0xFFFF;
      } else {
        other = value;
      }
      return;
    }
    int offset = (int) (address - WINDOW);
    behind.write(offset >>> 16 == 0 ? 0 : selector, offset & 0xFFF, size, (int) value);
  }
}
