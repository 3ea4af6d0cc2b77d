// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.nvme;

import org.xenolith.machine.api.DmaPort;
import org.xenolith.pci.api.PciUpstream;

/** What is above a bus where only memory matters. */
record OnlyMemory(DmaPort memory) implements PciUpstream {
  @Override
  public DmaPort requester(int requester) {
    return memory;
  }

  @Override
  public void interrupt(int devfn, int pin, boolean level) {}

  @Override
  public void decodeChanged() {}
}
