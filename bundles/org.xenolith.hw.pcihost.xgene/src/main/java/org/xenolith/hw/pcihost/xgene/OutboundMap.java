// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.pcihost.xgene;

import static org.xenolith.hw.pcihost.xgene.XgeneRegister.OMR1BARL;
import static org.xenolith.hw.pcihost.xgene.XgeneRegister.OMR2BARL;
import static org.xenolith.hw.pcihost.xgene.XgeneRegister.OMR3BARL;

import org.xenolith.regs.RegisterFile;

/**
 * The outbound windows: which addresses of CPUs lead to the bus, and where. In the order of a window's registers: CPU address, mask,
 * bus address, each as low and high half.
 */
final class OutboundMap {
  private static final XgeneRegister[] ROWS = XgeneRegister.values();
  private static final XgeneRegister[] FIRST = {OMR1BARL, OMR2BARL, OMR3BARL};
  private static final int BASE = 0;
  private static final int MASK = 2;
  private static final int TARGET = 4;
  private static final long ENABLE = 1;
  private static final long IO = 2;
  private static final long FLAGS = ENABLE | IO;
  private static final long MEMORY_MINIMUM = 128 << 20;
  private static final long IO_MINIMUM = 128;

  private final RegisterFile<XgeneRegister> registers;
  private final boolean minimum;

  /** @param minimum whether windows have a minimum size: the mask's bits below it aren't there */
  OutboundMap(RegisterFile<XgeneRegister> registers, boolean minimum) {
    this.registers = registers;
    this.minimum = minimum;
  }

  private long pair(int window, int first) {
    int row = FIRST[window].ordinal() + first;
    return registers.get(ROWS[row]) | registers.get(ROWS[row + 1]) << 32;
  }

  private long mask(int window) {
    long mask = pair(window, MASK) & ~FLAGS;
    return minimum ? mask & -(io(window) ? IO_MINIMUM : MEMORY_MINIMUM) : mask;
  }

  /** The window that a CPU's address is in, or -1. */
  int find(long address) {
    for (int window = 0; window < FIRST.length; window++) {
      if ((pair(window, MASK) & ENABLE) != 0 && ((address ^ pair(window, BASE)) & mask(window)) == 0) {
        return window;
      }
    }
    return -1;
  }

  /** Whether a window leads to I/O space. */
  boolean io(int window) {
    return (pair(window, MASK) & IO) != 0;
  }

  /** Where an address in a window leads to on the bus. */
  long bus(int window, long address) {
    return pair(window, TARGET) & mask(window) | address & ~mask(window);
  }
}
