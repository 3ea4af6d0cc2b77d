// SPDX-License-Identifier: EPL-2.0
package org.xenolith.testkit.pci;

import org.jspecify.annotations.Nullable;
import org.xenolith.machine.api.DmaPort;
import org.xenolith.pci.api.PciAperture;
import org.xenolith.pci.api.PciTarget;
import org.xenolith.pci.api.PciUpstream;

/** A root port above a function, as far as the function knows of it: the host bridge does the rest. */
final class FakePort implements PciUpstream, PciTarget {
  private final PciUpstream above;

  FakePort(PciUpstream above) {
    this.above = above;
  }

  @Override
  public DmaPort requester(int requester) {
    return above.requester(requester);
  }

  @Override
  public void interrupt(int devfn, int pin, boolean level) {
    above.interrupt(devfn, pin, level);
  }

  @Override
  public void decodeChanged() {
    above.decodeChanged();
  }

  @Override
  public int readConfig(int offset, int size) {
    return -1 >>> 32 - 8 * size;
  }

  @Override
  public void writeConfig(int offset, int size, int value) {}

  @Override
  public @Nullable PciAperture decode(boolean io, long address) {
    return null;
  }

  @Override
  public void hotReset() {}
}
