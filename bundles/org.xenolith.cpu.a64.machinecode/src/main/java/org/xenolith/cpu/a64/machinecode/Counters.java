// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cpu.a64.machinecode;

import java.math.BigInteger;
import org.xenolith.a64.arch.Cpu;
import org.xenolith.a64.arch.RegisterSlot;
import org.xenolith.a64.arch.SystemRegister;
import org.xenolith.a64.isa.Fields;
import org.xenolith.arm.api.SystemRegisterHandler;

/**
 * The counters that software waits by reading: CNTVCT_EL0 and CNTPCT_EL0. Code reads them once the CPU has, until something may have changed who may read them or
 * what is added to them. Source: Arm ARM DDI 0487, D13.8.
 *
 * <p>The time is what is left of the CPU's instructions before a fixed end, and a tick is the upper half of a product: with f hertz as n/d of a gigahertz, shortened,
 * the multiplier is 2⁶⁴n/d, rounded up by less than one, so that a time t below 2⁶⁴/d is off by less than 1/d of a tick, which rounding down takes away.
 */
final class Counters {
  private static final long GIGAHERTZ = 1_000_000_000L;
  private static final int VIRTUAL = SystemRegister.id(3, 3, 14, 0, 2);
  private static final int PHYSICAL = SystemRegister.id(3, 3, 14, 0, 1);

  private final Cpu cpu;
  private final NativeState state;
  private final RegisterSlot[] slots;
  private long frequency;
  private long multiplier;
  /** The first time that {@link #multiplier} may be wrong for. */
  private long limit;

  Counters(Cpu cpu, NativeState state) {
    this.cpu = cpu;
    this.state = state;
    slots = new RegisterSlot[] {cpu.slot(VIRTUAL), cpu.slot(PHYSICAL)};
  }

  /** Which of them an instruction on a system register reads; -1 for none. */
  static int number(int word) {
    int id = Fields.systemRegister(word);
    return id == VIRTUAL ? 0 : id == PHYSICAL ? 1 : -1;
  }

  /** Where code finds what it needs of one. */
  static int place(int number) {
    return StateLayout.COUNTERS + StateLayout.COUNTER_BYTES * number;
  }

  /**
   * Code may read a counter from now on, if it can: until {@link NativeState#fillControls}, which follows on whatever changes the level, registers or time otherwise.
   *
   * @param value that it has at the current instruction
   */
  void open(int number, long value) {
    SystemRegisterHandler handler = slots[number].handler;
    long hertz = handler.frequency(slots[number].id);
    long now = cpu.env.nanoseconds();
    if (hertz == 0 || now < 0 || now == 0 && hertz == GIGAHERTZ) {
      return;
    }
    if (hertz != frequency) {
      scale(hertz);
    }
    long end = now + cpu.left;
    if (end >= limit) {
      return;
    }
    int place = place(number);
    state.word(place, multiplier);
    state.word(place + StateLayout.COUNTER_OFFSET, value - Math.unsignedMultiplyHigh(now, multiplier));
    state.word(StateLayout.END_TIME, end);
  }

  private void scale(long hertz) {
    frequency = hertz;
    BigInteger divisor = BigInteger.valueOf(GIGAHERTZ / BigInteger.valueOf(GIGAHERTZ).gcd(BigInteger.valueOf(hertz)).longValue());
    BigInteger one = BigInteger.ONE.shiftLeft(Long.SIZE);
    // Of a gigahertz it would be 2⁶⁴. The upper half of a product by one less is less by one at each time but zero, which the offset makes up for.
    multiplier = hertz == GIGAHERTZ ? -1 : one.multiply(BigInteger.valueOf(hertz)).add(BigInteger.valueOf(GIGAHERTZ - 1)).divide(BigInteger
        .valueOf(GIGAHERTZ)).longValue();
    limit = one.divide(divisor).min(BigInteger.valueOf(Long.MAX_VALUE)).longValue();
  }
}
