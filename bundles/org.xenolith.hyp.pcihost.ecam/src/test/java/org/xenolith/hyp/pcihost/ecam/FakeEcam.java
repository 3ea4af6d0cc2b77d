// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.pcihost.ecam;

import org.xenolith.machine.api.PhysicalBus;
import org.xenolith.testkit.hyp.FakeConfiguration;

/** A generic host bridge: address bits say the function, from the first bus on (PCI Express Base 4.0, 7.2.2). */
record FakeEcam(FakeConfiguration behind, long base, int firstBus, int functionShift) implements PhysicalBus {
  private int rid(long address) {
    return (int) (address - base >>> functionShift) + (firstBus << 8);
  }

  private int register(long address) {
    return (int) (address - base) & (1 << functionShift) - 1;
  }

  @Override
  public long read(long address, int size) {
    return behind.read(rid(address), register(address), size) & 0xFFFF_FFFFL;
  }

  @Override
  public void write(long address, int size, long value) {
    behind.write(rid(address), register(address), size, (int) value);
  }
}
