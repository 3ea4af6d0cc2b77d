// SPDX-License-Identifier: EPL-2.0
package org.xenolith.pci.api;

import java.util.Optional;
import org.xenolith.platform.api.AddressWindow;

/**
 * What a bridge lets pass to the bus behind it, by its registers (PCI-to-PCI Bridge Architecture 1.2, 3.2.5).
 *
 * @param primary      number of the bus that it is on, as software has told it
 * @param secondary    number of the bus behind it; 0 if software has given none
 * @param subordinate  the greatest number behind it
 * @param io           bus addresses in I/O space; empty while closed
 * @param memory       bus addresses in memory space; empty while closed
 * @param prefetchable bus addresses in prefetchable memory space; empty while closed
 */
public record PciBridgeWindows(int primary, int secondary, int subordinate, Optional<AddressWindow> io, Optional<AddressWindow> memory,
    Optional<AddressWindow> prefetchable) {
  /** For example {@code to bus 01..01}. */
  @Override
  public String toString() {
    return "to bus %02x..%02x".formatted(secondary, subordinate);
  }
}
