// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.pcihost.xgene;

import static org.xenolith.hw.pcihost.xgene.XgeneRegister.IBAR2;
import static org.xenolith.hw.pcihost.xgene.XgeneRegister.IBAR3H;
import static org.xenolith.hw.pcihost.xgene.XgeneRegister.IBAR3L;
import static org.xenolith.hw.pcihost.xgene.XgeneRegister.IR2MSK;
import static org.xenolith.hw.pcihost.xgene.XgeneRegister.IR3MSKH;
import static org.xenolith.hw.pcihost.xgene.XgeneRegister.IR3MSKL;
import static org.xenolith.hw.pcihost.xgene.XgeneRegister.PIM1_1H;
import static org.xenolith.hw.pcihost.xgene.XgeneRegister.PIM1_1L;
import static org.xenolith.hw.pcihost.xgene.XgeneRegister.PIM2_1H;
import static org.xenolith.hw.pcihost.xgene.XgeneRegister.PIM2_1L;
import static org.xenolith.hw.pcihost.xgene.XgeneRegister.PIM3_1H;
import static org.xenolith.hw.pcihost.xgene.XgeneRegister.PIM3_1L;

import org.xenolith.regs.RegisterFile;

/**
 * The three inbound regions: which addresses of devices lead to memory, and where. Of region 1 address and mask are the root port's
 * BAR, 64 bits; region 2 is of 32 bits, region 3 of 64.
 */
final class InboundMap {
  /** Nowhere: physical addresses have 42 bits. */
  static final long REFUSED = -1;
  private static final long ENABLE = 1;
  private static final long FLAGS = 0xF;
  private static final long HIGH = 0xFFFF_FFFFL << 32;
  /** The top bits of a target ask for coherency. */
  private static final long TARGET = -1L >>> 4;

  private final RegisterFile<XgeneRegister> registers;
  private final XgeneRootPort root;
  private final boolean bars;

  /** @param bars whether the BARs of the root port hold the address of region 1; else it is the one that it leads to */
  InboundMap(RegisterFile<XgeneRegister> registers, XgeneRootPort root, boolean bars) {
    this.registers = registers;
    this.root = root;
    this.bars = bars;
  }

  private long pair(XgeneRegister low, XgeneRegister high) {
    return registers.get(low) | registers.get(high) << 32;
  }

  /** Where a request of that many bytes leads to; {@link #REFUSED} if it isn't all in one region. */
  long translate(long address, int length) {
    long last = address + Math.max(length, 1) - 1;
    long mask = root.inboundMask() & ~FLAGS;
    long target = pair(PIM1_1L, PIM1_1H);
    if (mask != 0 && within(address, last, bars ? root.inboundBase() : target & TARGET, mask)) {
      return lead(address, target, mask);
    }
    mask = HIGH | registers.get(IR2MSK) & ~FLAGS;
    if ((registers.get(IR2MSK) & ENABLE) != 0 && within(address, last, registers.get(IBAR2) & ~FLAGS, mask)) {
      return lead(address, pair(PIM2_1L, PIM2_1H), mask);
    }
    mask = pair(IR3MSKL, IR3MSKH) & ~FLAGS;
    if ((registers.get(IR3MSKL) & ENABLE) != 0 && within(address, last, pair(IBAR3L, IBAR3H), mask)) {
      return lead(address, pair(PIM3_1L, PIM3_1H), mask);
    }
    return REFUSED;
  }

  private static boolean within(long address, long last, long base, long mask) {
    return ((address ^ base) & mask) == 0 && ((last ^ base) & mask) == 0 && Long.compareUnsigned(address, last) <= 0;
  }

  private static long lead(long address, long target, long mask) {
    return (target & mask | address & ~mask) & TARGET;
  }
}
