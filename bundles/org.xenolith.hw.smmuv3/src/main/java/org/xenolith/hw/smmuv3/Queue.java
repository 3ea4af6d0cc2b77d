// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.smmuv3;

import org.xenolith.regs.RegisterFile;

/**
 * A circular queue in memory with its indexes in registers (IHI 0070, 3.5). An index has one bit more than the queue has index
 * bits, which tells full from empty.
 */
final class Queue {
  /** Log2 of the entries of the largest queue. */
  static final int MOST_LOG2 = 10;
  /** Bits of a PROD or CONS register that hold the index and its wrap bit. */
  static final long POINTER = 0xF_FFFF;
  private static final long ADDRESS = 0x000F_FFFF_FFFF_FFE0L;
  private static final long LOG2SIZE = 0x1F;

  private final RegisterFile<SmmuRegister> registers;
  private final SmmuRegister base;
  private final SmmuRegister prod;
  private final SmmuRegister cons;
  private final int entryShift;

  /** @param entryShift log2 of the bytes of an entry */
  Queue(RegisterFile<SmmuRegister> registers, SmmuRegister base, SmmuRegister prod, SmmuRegister cons, int entryShift) {
    this.registers = registers;
    this.base = base;
    this.prod = prod;
    this.cons = cons;
    this.entryShift = entryShift;
  }

  private int log2() {
    return (int) Math.min(registers.get(base) & LOG2SIZE, MOST_LOG2);
  }

  private long wrapped() {
    return (2L << log2()) - 1;
  }

  /** Entries that were produced and not consumed; more than the queue holds if software set an index wrongly. */
  long used() {
    return registers.get(prod) - registers.get(cons) & wrapped();
  }

  boolean empty() {
    return used() == 0;
  }

  boolean full() {
    return used() >= 1L << log2();
  }

  /** Address of the entry to produce. */
  long free() {
    return entry(prod);
  }

  /** Address of the entry to consume. */
  long next() {
    return entry(cons);
  }

  private long entry(SmmuRegister index) {
    int log2 = log2();
    long aligned = registers.get(base) & ADDRESS & -(1L << log2 + entryShift);
    return aligned + ((registers.get(index) & (1L << log2) - 1) << entryShift);
  }

  void produced() {
    step(prod);
  }

  void consumed() {
    step(cons);
  }

  private void step(SmmuRegister index) {
    long now = registers.get(index);
    registers.set(index, now & ~POINTER | now + 1 & wrapped());
  }
}
