// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.gicv3;

import org.xenolith.gic.kit.BankRegister;

/** Reads and writes the registers of {@link BankRegister} for one bank of interrupts. */
final class BankRegisters {
  private static final int SGIS = 0xFFFF;

  private final InterruptStates interrupts;

  BankRegisters(InterruptStates interrupts) {
    this.interrupts = interrupts;
  }

  /**
   * One word.
   *
   * @param bank  where the interrupts are
   * @param first the first interrupt of the word
   */
  int read(BankRegister register, int bank, int first) {
    return switch (register) {
      case IGROUPR -> interrupts.group[bank];
      case ISENABLER, ICENABLER -> interrupts.enabled[bank];
      case ISPENDR, ICPENDR -> interrupts.pending(bank);
      case ISACTIVER, ICACTIVER -> interrupts.active[bank];
      case IPRIORITYR -> interrupts.priority(bank, first) | interrupts.priority(bank, first + 1) << 8
          | interrupts.priority(bank, first + 2) << 16 | interrupts.priority(bank, first + 3) << 24;
      case ICFGR -> configuration(interrupts.edge[bank] >>> (first & 31));
      case ITARGETSR, IGRPMODR, NSACR -> 0;
    };
  }

  private static int configuration(int edges) {
    int word = 0;
    for (int i = 0; i < 16; i++) {
      word |= (edges >> i & 1) << i * 2 + 1;
    }
    return word;
  }

  /** The register that covers a byte offset, or null; routes are the only targets. */
  static BankRegister at(long offset) {
    BankRegister register = BankRegister.at(offset);
    return register == BankRegister.ITARGETSR ? null : register;
  }

  /**
   * One word or part of it.
   *
   * @param value the written bits in their lanes, zero elsewhere
   * @param lanes ones where bits are written
   */
  void write(BankRegister register, int bank, int first, int value, int lanes) {
    switch (register) {
      case IGROUPR -> interrupts.group[bank] = interrupts.group[bank] & ~lanes | value;
      case ISENABLER -> interrupts.enabled[bank] |= value;
      case ICENABLER -> interrupts.enabled[bank] &= ~value;
      case ISPENDR -> interrupts.latch(bank, value);
      case ICPENDR -> interrupts.unlatch(bank, value);
      case ISACTIVER -> interrupts.active[bank] |= value;
      case ICACTIVER -> interrupts.active[bank] &= ~value;
      case IPRIORITYR -> {
        for (int i = 0; i < 4; i++) {
          if ((lanes >> i * 8 & 0xFF) != 0) {
            interrupts.setPriority(bank, first + i, value >> i * 8 & 0xFF);
          }
        }
      }
      case ICFGR -> configure(bank, first, value, lanes);
      case ITARGETSR, IGRPMODR, NSACR -> {
      }
    }
  }

  private void configure(int bank, int first, int value, int lanes) {
    int fixed = bank < interrupts.cpus ? SGIS : 0;
    for (int i = 0; i < 16; i++) {
      int bit = 1 << first + i;
      if ((lanes >> i * 2 + 1 & 1) != 0 && (bit & fixed) == 0) {
        interrupts.edge[bank] = (value >> i * 2 + 1 & 1) != 0 ? interrupts.edge[bank] | bit : interrupts.edge[bank] & ~bit;
      }
    }
  }
}
