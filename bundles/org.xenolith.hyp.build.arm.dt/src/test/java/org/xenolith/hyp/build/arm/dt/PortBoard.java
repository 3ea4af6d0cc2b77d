// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.build.arm.dt;

import org.xenolith.fdt.Fdt;
import org.xenolith.fdt.FdtBuilder;

/** A board made up here: a GICv2 and a disabled X-Gene port with its real windows, below a bus that translates. */
final class PortBoard {
  private static final int GIC = 1;

  private PortBoard() {}

  static Fdt tree() {
    FdtBuilder root = FdtBuilder.root().cells("interrupt-parent", GIC).cells("#address-cells", 2)
        .cells("#size-cells", 2);
    FdtBuilder cpus = root.child("cpus").cells("#address-cells", 2).cells("#size-cells", 0);
    cpus.child("cpu@0").strings("device_type", "cpu").strings("compatible", "apm,potenza").u64("reg", 0);
    root.child("interrupt-controller@78010000").strings("compatible", "arm,cortex-a15-gic")
        .cells("#interrupt-cells", 3).flag("interrupt-controller")
        .u64("reg", 0x7801_0000L, 0x1000, 0x7802_0000L, 0x1000, 0x7804_0000L, 0x2000, 0x7806_0000L, 0x2000)
        .cells("phandle", GIC);
    root.child("timer").strings("compatible", "arm,armv8-timer")
        .cells("interrupts", 1, 0, 0xff08, 1, 13, 0xff08, 1, 14, 0xff08, 1, 15, 0xff08);
    // the bus counts its low part from 0x1f00_0000
    FdtBuilder soc = root.child("soc").strings("compatible", "simple-bus").cells("#address-cells", 2)
        .cells("#size-cells", 2).cells("ranges", 0, 0, 0, 0x1f00_0000, 0, 0x100_0000,
            0xe0, 0, 0xe0, 0, 0x20, 0);
    port(soc);
    return Fdt.of(root.build());
  }

  private static void port(FdtBuilder soc) {
    soc.child("pcie@2b0000").strings("status", "disabled").strings("device_type", "pci")
        .strings("compatible", "apm,xgene-storm-pcie", "apm,xgene-pcie")
        .cells("#interrupt-cells", 1).cells("#size-cells", 2).cells("#address-cells", 3)
        .cells("reg", 0, 0x2b_0000, 0, 0x1_0000, 0xe0, 0xd000_0000, 0, 0x4_0000)
        .cells("ranges", 0x0100_0000, 0, 0, 0xe0, 0x1000_0000, 0, 0x1_0000,
            0x0200_0000, 0, 0x8000_0000, 0xe1, 0x8000_0000, 0, 0x8000_0000,
            0x4300_0000, 0xf0, 0, 0xf0, 0, 0x10, 0)
        .cells("interrupt-map-mask", 0, 0, 0, 7)
        .cells("interrupt-map", 0, 0, 0, 1, GIC, 0, 0xc2, 4, 0, 0, 0, 2, GIC, 0, 0xc3, 4,
            0, 0, 0, 3, GIC, 0, 0xc4, 4, 0, 0, 0, 4, GIC, 0, 0xc5, 4);
  }
}
