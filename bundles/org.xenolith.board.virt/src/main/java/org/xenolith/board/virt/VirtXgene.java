// SPDX-License-Identifier: EPL-2.0
package org.xenolith.board.virt;

import org.xenolith.fdt.FdtBuilder;

/**
 * A port of APM X-Gene v1 on this board (devicetree bindings pci/xgene-pci, pci/xgene-pci-msi, clock/xgene). As on Mustang its clock
 * is among its registers. Outbound windows are powers of 2, and devices reach all that RAM can take by one inbound region.
 */
final class VirtXgene {
  private static final long REGISTERS = 0x0B00_0000;
  private static final long REGISTERS_SIZE = 0x1_0000;
  private static final long CLOCK = REGISTERS + 0xC000;
  private static final long PAGE = 0x1000;
  private static final long MESSAGES = 0x0B10_0000;
  private static final long MESSAGES_SIZE = 0x90_0000;
  private static final int MESSAGE_GROUPS = 16;
  private static final int FIRST_MESSAGE_SPI = 80;
  private static final int CLOCK_PHANDLE = 6;

  /** First cell of an entry of {@code ranges} (IEEE 1275 PCI bus binding 2.1). */
  private static final int IO_SPACE = 0x0100_0000;
  private static final int MEMORY_SPACE = 0x0200_0000;
  private static final int PREFETCHABLE64_SPACE = 0x4300_0000;

  private static final int INBOUND = 0x4200_0000;

  private static final int SPI = 0;
  private static final int LEVEL_HIGH = 4;

  private final FdtBuilder root;
  private final int source;
  private final int messages;

  /**
   * @param source   phandle of the clock that the port's is made of
   * @param messages phandle for what takes messages
   */
  VirtXgene(FdtBuilder root, int source, int messages) {
    this.root = root;
    this.source = source;
    this.messages = messages;
  }

  /** @param gicv2 whether messages need X-Gene's own controller */
  void add(FdtBuilder host, HostBridge bridge, long configuration, boolean gicv2) {
    root.child("pcie-clock@" + Long.toHexString(CLOCK)).strings("compatible", "apm,xgene-device-clock").cells("#clock-cells", 1)
        .cells("clocks", source).u64("reg", CLOCK, PAGE).strings("reg-names", "csr-reg")
        .strings("clock-output-names", "pcie0clk").cells("phandle", CLOCK_PHANDLE);
    if (bridge == HostBridge.XGENE) {
      host.u64("reg", REGISTERS, REGISTERS_SIZE, configuration, bridge.configuration()).strings("reg-names", "csr", "cfg");
    } else {
      // A generic bridge's configuration window is its first.
      host.u64("reg", configuration, bridge.configuration(), REGISTERS, REGISTERS_SIZE).strings("reg-names", "cfg", "csr");
    }
    host.cells("clocks", CLOCK_PHANDLE, 0).cells("ranges", IO_SPACE, 0, 0, 0, 0x3EFF_0000, 0, 0x1_0000,
        MEMORY_SPACE, 0, 0x1000_0000, 0, 0x1000_0000, 0, 0x1000_0000,
        PREFETCHABLE64_SPACE, 0x80, 0, 0x80, 0, 0x80, 0)
        .cells("dma-ranges", INBOUND, 0, 0, 0, 0, 0x80, 0);
    if (gicv2) {
      int[] interrupts = new int[3 * MESSAGE_GROUPS];
      for (int group = 0; group < MESSAGE_GROUPS; group++) {
        interrupts[3 * group] = SPI;
        interrupts[3 * group + 1] = FIRST_MESSAGE_SPI + group;
        interrupts[3 * group + 2] = LEVEL_HIGH;
      }
      root.child("msi@" + Long.toHexString(MESSAGES)).strings("compatible", "apm,xgene1-msi").flag("msi-controller")
          .u64("reg", MESSAGES, MESSAGES_SIZE).cells("interrupts", interrupts).cells("phandle", messages);
      host.cells("msi-parent", messages);
    }
  }
}
