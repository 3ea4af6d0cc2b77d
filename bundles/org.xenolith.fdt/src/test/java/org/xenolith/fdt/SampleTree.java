// SPDX-License-Identifier: EPL-2.0
package org.xenolith.fdt;

import java.util.List;

/** A small tree with every kind of property, for the tests. */
final class SampleTree {
  private SampleTree() {}

  static Fdt fdt() {
    FdtBuilder root = FdtBuilder.root().strings("compatible", "acme,board", "acme,soc")
        .cells("#address-cells", 2).cells("#size-cells", 1).cells("interrupt-parent", 1);
    root.child("aliases").strings("serial0", "/soc/serial@9000000").strings("loop", "loop");
    root.child("chosen").strings("stdout-path", "serial0:115200n8");
    root.child("memory@40000000").strings("device_type", "memory").u64("reg", 0x4000_0000L, 0x8000_0000_0000L);
    FdtBuilder soc = root.child("soc").flag("ranges").flag("dma-coherent");
    soc.child("intc@8000000").cells("phandle", 1).flag("interrupt-controller").cells("#interrupt-cells", 3)
        .cells("reg", 0, 0x800_0000, 0x1_0000);
    soc.child("serial@9000000").strings("compatible", "arm,pl011").cells("reg", 0, 0x900_0000, 0x1000)
        .cells("interrupts", 0, 1, 4).u64("clock-frequency", 24_000_000).bytes("odd", new byte[] {1, 2, 3});
    soc.child("serial@9100000").strings("compatible", "arm,pl011").cells("linux,phandle", 0x20);
    soc.child("timer").bytes("empty-string", new byte[1]);
    return new Fdt(2, List.of(new FdtReservation(0x4800_0000L, 0x1_0000), new FdtReservation(-0x1000, 0x1000)),
        root.build());
  }
}
