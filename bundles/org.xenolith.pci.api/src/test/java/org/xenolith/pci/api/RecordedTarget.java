// SPDX-License-Identifier: EPL-2.0
package org.xenolith.pci.api;

import java.util.ArrayList;
import java.util.List;

/** A function that decodes one range of memory and remembers what it is told. */
final class RecordedTarget implements PciTarget {
  final List<String> told = new ArrayList<>();
  private final long base;
  private final long size;

  RecordedTarget(long base, long size) {
    this.base = base;
    this.size = size;
  }

  @Override
  public int readConfig(int offset, int size) {
    return 0;
  }

  @Override
  public void writeConfig(int offset, int size, int value) {}

  @Override
  public PciAperture decode(boolean io, long address) {
    PciAperture all = new PciAperture(base, size, null, 0);
    return !io && all.holds(address) ? all : null;
  }

  @Override
  public void hotReset() {
    told.add("reset");
  }

  @Override
  public void moved() {
    told.add("moved");
  }
}
