// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.build.arm.dt;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.xenolith.fdt.FdtWindow;

/**
 * What the hardware domain's tree says of PCI when the hypervisor itself drives host bridges.
 *
 * @param segments number of the segment behind each host bridge, by full path; empty if the hypervisor drives none: then the
 *                 domain's nodes of them are the host's
 * @param its      registers of the virtual ITS that the domain has in the place of the host's
 * @param withheld windows that aren't mapped, because accesses to them are trapped
 */
record Dom0Pci(Map<String, Integer> segments, Optional<FdtWindow> its, List<FdtWindow> withheld) {
  /** The hypervisor has no part in PCI. */
  static final Dom0Pci NONE = new Dom0Pci(Map.of(), Optional.empty(), List.of());

  Dom0Pci {
    segments = Map.copyOf(segments);
    withheld = List.copyOf(withheld);
  }

  /** All that stage 2 must not have, registers of the virtual ITS included. */
  List<FdtWindow> trapped() {
    List<FdtWindow> trapped = new ArrayList<>(withheld);
    its.ifPresent(trapped::add);
    return trapped;
  }
}
