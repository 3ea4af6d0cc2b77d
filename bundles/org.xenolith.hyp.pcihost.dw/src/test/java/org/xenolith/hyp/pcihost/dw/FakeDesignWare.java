// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.pcihost.dw;

import org.xenolith.machine.api.PhysicalBus;
import org.xenolith.testkit.hyp.FakeConfiguration;

/** ECAM from bus 0, where whatever device of the root bus is asked for, device 0 answers. */
record FakeDesignWare(FakeConfiguration behind, long base) implements PhysicalBus {
  private int rid(long address) {
    int rid = (int) (address - base >>> 12);
    return rid < 0x100 ? rid & 7 : rid;
  }

  @Override
  public long read(long address, int size) {
    return behind.read(rid(address), (int) address & 0xFFF, size) & 0xFFFF_FFFFL;
  }

  @Override
  public void write(long address, int size, long value) {
    behind.write(rid(address), (int) address & 0xFFF, size, (int) value);
  }
}
