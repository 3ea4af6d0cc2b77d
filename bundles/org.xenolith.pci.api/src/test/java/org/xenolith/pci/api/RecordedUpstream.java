// SPDX-License-Identifier: EPL-2.0
package org.xenolith.pci.api;

import java.util.ArrayList;
import java.util.List;
import org.xenolith.machine.api.DmaPort;

/** What is above a bus: remembers what it is told. */
final class RecordedUpstream implements PciUpstream {
  final List<String> told = new ArrayList<>();

  @Override
  public DmaPort requester(int requester) {
    told.add("requester " + Integer.toHexString(requester));
    return null;
  }

  @Override
  public void interrupt(int devfn, int pin, boolean level) {
    told.add("pin " + pin + " of " + devfn + " " + (level ? "high" : "low"));
  }

  @Override
  public void wake(int requester) {
    told.add("wake " + Integer.toHexString(requester));
  }

  @Override
  public void error(int requester, PciErrorMessage message) {
    told.add("error " + Integer.toHexString(requester) + " " + message);
  }

  @Override
  public void decodeChanged() {
    told.add("decode");
  }
}
