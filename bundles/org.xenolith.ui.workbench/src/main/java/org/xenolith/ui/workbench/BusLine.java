// SPDX-License-Identifier: EPL-2.0
package org.xenolith.ui.workbench;

import java.util.List;
import java.util.stream.Stream;
import org.xenolith.pci.api.PciFunctionFacts;
import org.xenolith.pci.api.PciHostFacts;

/**
 * A line of the tree of PCI buses.
 *
 * @param text  what it says
 * @param below of a host bridge and a bridge what is behind it; of a function first its BARs
 */
record BusLine(String text, List<BusLine> below) {
  /** A line for a host bridge. */
  static BusLine of(PciHostFacts host) {
    return new BusLine(host.summary(), host.functions().stream().map(BusLine::of).toList());
  }

  private static BusLine of(PciFunctionFacts function) {
    return new BusLine(function.summary(), Stream.concat(function.bars().stream().map(bar -> new BusLine(bar.toString(), List.of())),
        function.below().stream().map(BusLine::of)).toList());
  }
}
