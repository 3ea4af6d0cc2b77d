// SPDX-License-Identifier: EPL-2.0
package org.xenolith.board.virt;

import org.xenolith.fdt.FdtBuilder;

/** The PCI host bridge of the board, with the addresses and interrupts of QEMU's generic one as far as it can have them. */
final class VirtPcie {
  private static final long CONFIGURATION = 0x40_1000_0000L;
  private static final int BUSES = 256;
  private static final int PINS_OF_ALL = 0x1800;

  /** First cell of an entry of {@code ranges} (IEEE 1275 PCI bus binding 2.1). */
  private static final int IO_SPACE = 0x0100_0000;
  private static final int MEMORY_SPACE = 0x0200_0000;
  private static final int MEMORY64_SPACE = 0x0300_0000;

  private static final int SPI = 0;
  private static final int LEVEL_HIGH = 4;
  private static final int EDGE_RISING = 1;

  private static final long SMMU = 0x0905_0000;
  private static final long SMMU_SIZE = 0x2_0000;
  private static final int SMMU_SPI = 74;
  private static final int SMMU_PHANDLE = 5;
  private static final int FIRST_SPI = 3;
  private static final int PINS = 4;

  private final FdtBuilder root;
  private final int gic;
  private final int messages;
  private final int clock;

  /**
   * @param gic      phandle of the interrupt controller
   * @param messages phandle of what takes messages
   * @param clock    phandle of a clock that always runs
   */
  VirtPcie(FdtBuilder root, int gic, int messages, int clock) {
    this.root = root;
    this.gic = gic;
    this.messages = messages;
    this.clock = clock;
  }

  /**
   * @param gicv2      whether the interrupt controller is a GICv2
   * @param messaged   whether there is what takes messages
   * @param translated whether an SMMUv3 translates the addresses of functions
   */
  void add(HostBridge bridge, boolean gicv2, boolean messaged, boolean translated) {
    FdtBuilder host = root.child("pcie@10000000").strings("compatible", bridge.compatible()).strings("device_type", "pci")
        .cells("bus-range", 0, BUSES - 1).cells("linux,pci-domain", 0)
        .cells("#address-cells", 3).cells("#size-cells", 2).cells("#interrupt-cells", 1).flag("dma-coherent")
        .cells("interrupt-map-mask", PINS_OF_ALL, 0, 0, 7).cells("interrupt-map", pins());
    if (bridge.xgene()) {
      new VirtXgene(root, clock, messages).add(host, bridge, CONFIGURATION, gicv2);
    } else {
      host.u64("reg", CONFIGURATION, bridge.configuration()).cells("ranges", IO_SPACE, 0, 0, 0, 0x3EFF_0000, 0, 0x1_0000,
          MEMORY_SPACE, 0, 0x1000_0000, 0, 0x1000_0000, 0, 0x2EFF_0000,
          MEMORY64_SPACE, 0x80, 0, 0x80, 0, 0x80, 0);
    }
    if (messaged && !(bridge.xgene() && gicv2)) {
      host.cells("msi-map", 0, messages, 0, 0x1_0000);
    }
    if (translated) {
      smmu();
      host.cells("iommu-map", 0, SMMU_PHANDLE, 0, 0x1_0000);
    }
  }

  /** Binding arm,smmu-v3: edges for events, page requests, completed commands and global errors. */
  private void smmu() {
    root.child("smmuv3@9050000").strings("compatible", "arm,smmu-v3").u64("reg", SMMU, SMMU_SIZE)
        .cells("interrupts", SPI, SMMU_SPI, EDGE_RISING, SPI, SMMU_SPI + 1, EDGE_RISING, SPI, SMMU_SPI + 2, EDGE_RISING,
            SPI, SMMU_SPI + 3, EDGE_RISING)
        .strings("interrupt-names", "eventq", "priq", "cmdq-sync", "gerror").flag("dma-coherent").cells("#iommu-cells", 1)
        .cells("phandle", SMMU_PHANDLE);
  }

  /** Pins rotate over four interrupts from one device to the next. */
  private int[] pins() {
    int[] cells = new int[PINS * PINS * 10];
    int at = 0;
    for (int device = 0; device < PINS; device++) {
      for (int pin = 0; pin < PINS; pin++) {
        int[] entry = {device << 11, 0, 0, pin + 1, gic, 0, 0, SPI, FIRST_SPI + (device + pin) % PINS, LEVEL_HIGH};
        System.arraycopy(entry, 0, cells, at, entry.length);
        at += entry.length;
      }
    }
    return cells;
  }
}
