// SPDX-License-Identifier: EPL-2.0
package org.xenolith.platform.loader;

import java.util.List;
import org.xenolith.fdt.Fdt;
import org.xenolith.fdt.FdtBuilder;
import org.xenolith.fdt.FdtReservation;

/** A board with buses, interrupts, references and awkward property bytes, for the tests. */
final class SampleBoard {
  private SampleBoard() {}

  static Fdt tree() {
    FdtBuilder root = FdtBuilder.root().strings("compatible", "acme,board").cells("#address-cells", 2)
        .cells("#size-cells", 2).cells("interrupt-parent", 1);
    root.child("chosen").strings("bootargs", "a <b> & 'c' \"d\" ]]>").bytes("one", new byte[] {1});
    root.child("cpus").cells("#address-cells", 1).cells("#size-cells", 0).child("cpu@0")
        .strings("device_type", "cpu").cells("reg", 0);
    root.child("memory@80000000").strings("device_type", "memory").u64("reg", 0x8000_0000L, 0x4000_0000L);
    root.child("intc@1000").strings("compatible", "acme,intc").cells("phandle", 1).cells("#interrupt-cells", 1)
        .flag("interrupt-controller").u64("reg", 0x1000, 0x1000);
    FdtBuilder soc = root.child("soc").strings("compatible", "simple-bus").cells("#address-cells", 1)
        .cells("#size-cells", 1).cells("ranges", 0, 0, 0x1000_0000, 0x1000_0000);
    soc.child("uart@20").strings("compatible", "acme,uart-v2", "acme,uart").cells("reg", 0x20, 0x10)
        .cells("interrupts", 5).strings("empty", "").strings("spaces", "  ", " x ");
    soc.child("rtc@40").strings("compatible", "acme,rtc").cells("reg", 0x40, 0x10).strings("status", "disabled");
    return new Fdt(3, List.of(new FdtReservation(0x1000, 0x2000)), root.build());
  }
}
