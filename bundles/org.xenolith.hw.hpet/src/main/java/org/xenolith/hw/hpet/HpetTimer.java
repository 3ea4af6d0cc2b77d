// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.hpet;

import org.xenolith.machine.api.Alarm;
import org.xenolith.machine.api.Clock;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.InterruptLine;
import org.xenolith.regs.DeviceState;
import org.xenolith.regs.LongCell;
import org.xenolith.regs.RegisterFile;

/**
 * A timer: it matches when the counter comes to the value of its comparator, all 64 bits of it or the lower 32 (IA-PC HPET Specification 1.0a,
 * 2.3.9.2). Matches are worked out when somebody looks; an alarm is armed only for what interrupts.
 */
final class HpetTimer {
  private static final long PERIODIC_CAPABLE = 0x10;
  private static final long WIDE_CAPABLE = 0x20;
  private static final int ROUTE_SHIFT = 9;
  private static final int PINS = 32;
  private static final long WORD = 0xFFFF_FFFFL;
  /** A machine would get no further with interrupts at each tick: shorter periods share theirs, one in ten microseconds. In ticks. */
  private static final long SHORTEST = 1000;

  private final Hpet hpet;
  private final RegisterFile<HpetRegister> registers;
  private final HpetRegister configuration;
  private final HpetRegister written;
  private final long status;
  private final long capabilities;
  private final LongCell comparator;
  /** The counter up to which matches are done; while it is halted, the counter. */
  private final LongCell seen;
  private final Clock clock;
  private final Alarm match;
  private final InterruptLine line;

  HpetTimer(Hpet hpet, RegisterFile<HpetRegister> registers, HpetRegister configuration, HpetRegister written, int index, DeviceState state,
      DeviceContext context) {
    this.hpet = hpet;
    this.registers = registers;
    this.configuration = configuration;
    this.written = written;
    status = 1L << index;
    comparator = state.cell("comparator-" + index, -1);
    seen = state.cell("seen-" + index, 0);
    clock = context.time().clock();
    match = context.time().alarm("match-" + index, this::due);
    line = index < context.lines().interrupts() ? context.lines().interrupt(index) : null;
    int[] cells = line == null ? new int[0] : context.node().interrupts().get(index).cells();
    int pin = cells.length == 0 ? -1 : cells[0];
    // Wired to just one pin: the route is always that.
    capabilities = PERIODIC_CAPABLE | WIDE_CAPABLE
        | (pin >= 0 && pin < PINS ? 1L << pin + PINS | (long) pin << ROUTE_SHIFT : 0);
  }

  private boolean has(long bit) {
    return (registers.get(configuration) & bit) != 0;
  }

  /** What a guest reads: the request to set the value is over with the write of it, and nobody reads it. */
  long configuration() {
    return registers.get(configuration) & ~Hpet.SET_VALUE | capabilities;
  }

  long comparator() {
    settle();
    return comparator.value;
  }

  void configured() {
    if (!has(Hpet.PERIODIC)) {
      registers.bits(configuration, Hpet.SET_VALUE, false);
    }
    if (!has(Hpet.LEVEL)) {
      registers.bits(HpetRegister.GINTR_STA, status, false);
    }
  }

  /** In periodic mode what is written is the period, and the comparator only where that is asked for. */
  void written(long lanes) {
    if (!has(Hpet.PERIODIC) || has(Hpet.SET_VALUE)) {
      comparator.value = comparator.value & ~lanes | registers.get(written) & lanes;
      registers.bits(configuration, Hpet.SET_VALUE, false);
    }
  }

  /** The counter has been set: matches begin from there. */
  void restart() {
    seen.value = hpet.counter();
  }

  /** Ticks from what was seen to the next match, as an unsigned number; 0 for a whole turn of the counter. */
  private long distance() {
    long ticks = comparator.value - seen.value;
    if (has(Hpet.BITS_32)) {
      ticks &= WORD;
      return ticks == 0 ? WORD + 1 : ticks;
    }
    return ticks;
  }

  private long period() {
    return !has(Hpet.PERIODIC) ? 0 : has(Hpet.BITS_32) ? registers.get(written) & WORD : registers.get(written);
  }

  /** Does the matches until now. */
  void settle() {
    if (!hpet.running()) {
      return;
    }
    long counter = hpet.counter();
    long elapsed = counter - seen.value;
    long distance = distance();
    seen.value = counter;
    if (distance == 0 || Long.compareUnsigned(elapsed, distance) < 0) {
      return;
    }
    long period = period();
    if (period != 0) {
      long next = comparator.value + (1 + Long.divideUnsigned(elapsed - distance, period)) * period;
      comparator.value = has(Hpet.BITS_32) ? comparator.value & ~WORD | next & WORD : next;
    }
    matched();
  }

  private void matched() {
    if (has(Hpet.LEVEL)) {
      registers.bits(HpetRegister.GINTR_STA, status, true);
      drive();
    } else if (has(Hpet.ENABLED) && line != null) {
      line.pulse();
    }
    arm();
  }

  private void due() {
    settle();
    arm();
  }

  /** Makes line and alarm what registers say. */
  void update() {
    drive();
    arm();
  }

  void drive() {
    if (line != null) {
      line.set(hpet.running() && has(Hpet.ENABLED) && has(Hpet.LEVEL) && (registers.get(HpetRegister.GINTR_STA) & status) != 0);
    }
  }

  private void arm() {
    boolean raised = has(Hpet.LEVEL) && (registers.get(HpetRegister.GINTR_STA) & status) != 0;
    if (!hpet.running() || !has(Hpet.ENABLED) || raised || line == null) {
      match.cancel();
      return;
    }
    long wait = distance();
    long period = period();
    if (period > 0 && period < SHORTEST) {
      wait += (SHORTEST - 1) / period * period;
    }
    long from = clock.now() / Hpet.TICK;
    if (wait <= 0 || wait > Long.MAX_VALUE / Hpet.TICK - from) {
      match.cancel();
    } else {
      match.at((from + wait) * Hpet.TICK);
    }
  }
}
