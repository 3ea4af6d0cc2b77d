// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.build.arm.dt;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.xenolith.fdt.FdtWindow;
import org.xenolith.hyp.arm.kit.V2mFrame;

/**
 * The virtual host bridge of a domain.
 *
 * @param ecam         configuration space of 256 buses
 * @param memory       where 32-bit BARs go; addresses on the bus are the domain's own
 * @param prefetchable where 64-bit BARs go
 * @param its          registers of the domain's virtual ITS
 * @param v2m          its share of the host's message frame; without either, functions can't send messages
 */
record DomUPci(FdtWindow ecam, FdtWindow memory, FdtWindow prefetchable, Optional<FdtWindow> its, Optional<V2mFrame> v2m) {
  /** A bridge whose messages go to an ITS, or nowhere. */
  DomUPci(FdtWindow ecam, FdtWindow memory, FdtWindow prefetchable, Optional<FdtWindow> its) {
    this(ecam, memory, prefetchable, its, Optional.empty());
  }

  /** All that stands in the domain's address space. */
  List<FdtWindow> windows() {
    return Stream.of(Stream.of(ecam, memory, prefetchable), its.stream(), v2m.stream().map(V2mFrame::registers))
        .flatMap(w -> w).toList();
  }
}
