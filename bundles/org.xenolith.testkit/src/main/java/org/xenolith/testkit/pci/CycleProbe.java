// SPDX-License-Identifier: EPL-2.0
package org.xenolith.testkit.pci;

import java.util.List;
import org.xenolith.pci.api.PciAperture;
import org.xenolith.pci.api.PciTarget;

/** A function whose configuration cycles are noted. */
record CycleProbe(PciTarget function, List<String> cycles) implements PciTarget {
  @Override
  public int readConfig(int offset, int size) {
    cycles.add("read " + Integer.toHexString(offset));
    return function.readConfig(offset, size);
  }

  @Override
  public void writeConfig(int offset, int size, int value) {
    cycles.add("write " + Integer.toHexString(offset));
    function.writeConfig(offset, size, value);
  }

  @Override
  public PciAperture decode(boolean io, long address) {
    return function.decode(io, address);
  }

  @Override
  public void hotReset() {
    function.hotReset();
  }
}
