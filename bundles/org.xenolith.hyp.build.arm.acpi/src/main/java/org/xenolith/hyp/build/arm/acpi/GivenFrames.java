// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.build.arm.acpi;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.xenolith.acpi.codec.Madt;
import org.xenolith.acpi.codec.Structure;
import org.xenolith.hyp.arm.kit.V2mFrame;
import org.xenolith.hyp.build.kit.BuildPorts;

/** Message frames of the machine's MADT (ACPI 6.5, 5.2.12.17) that the hardware domain may use. */
final class GivenFrames {
  private GivenFrames() {}

  /** All of each but what is kept for guests; the table's own figures go before the frame's. */
  static List<V2mFrame> of(HostTables host, BuildPorts ports) {
    List<Integer> kept = ports.shares().kept();
    return host.demand("APIC").table().structure().all(Madt.MSI_FRAME).stream().map(entry -> frame(entry, ports)).flatMap(Optional::stream)
        .map(frame -> frame.before(kept)).filter(frame -> frame.count() > 0).toList();
  }

  private static Optional<V2mFrame> frame(Structure entry, BuildPorts ports) {
    boolean told = (entry.get(Madt.MsiFrame.FLAGS) & Madt.SPI_SELECT) != 0;
    return V2mFrame.at(entry.get(Madt.MsiFrame.BASE_ADDRESS), told ? OptionalInt.of((int) entry.get(Madt.MsiFrame.SPI_BASE))
        : OptionalInt.empty(), told ? OptionalInt.of((int) entry.get(Madt.MsiFrame.SPI_COUNT)) : OptionalInt.empty(), ports.bus());
  }
}
