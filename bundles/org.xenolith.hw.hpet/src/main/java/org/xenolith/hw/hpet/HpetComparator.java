// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.hpet;

import org.xenolith.machine.api.Alarm;
import org.xenolith.machine.api.InterruptLine;
import org.xenolith.regs.LongCell;
import org.xenolith.regs.RegisterFile;

/** One comparator: what it waits for, and what it does then. */
final class HpetComparator {
  private static final long NARROW = 0xFFFF_FFFFL;
  private static final int ROUTE = 9;
  private static final int ROUTES = 32;

  private final Hpet hpet;
  private final RegisterFile<HpetRegister> registers;
  private final HpetRegister configuration;
  private final HpetRegister value;
  private final int status;
  private final LongCell period;
  /** The comparator, whose register a write of a period replaces for a moment. */
  private final LongCell comparator;
  private final InterruptLine line;
  private final int pin;
  private final Alarm alarm;

  /**
   * @param number of it
   * @param period     what is added to the comparator with each event of a periodic one
   * @param comparator what the register has
   * @param line   null: it has none
   * @param pin    of the I/O APIC that the line leads to
   */
  HpetComparator(Hpet hpet, RegisterFile<HpetRegister> registers, int number, LongCell period, LongCell comparator, InterruptLine line,
      int pin) {
    this.hpet = hpet;
    this.registers = registers;
    this.period = period;
    this.comparator = comparator;
    this.line = line;
    this.pin = pin;
    status = 1 << number;
    configuration = HpetRegister.values()[HpetRegister.TIM0_CONF.ordinal() + 3 * number];
    value = HpetRegister.values()[HpetRegister.TIM0_COMP.ordinal() + 3 * number];
    alarm = hpet.alarm("comparator" + number, this::reached);
    registers.onRead(configuration, this::configuration);
    registers.onWrite(configuration, written -> hpet.changed());
    registers.onWrite(value, written -> written());
  }

  private boolean is(int bit) {
    return (registers.get(configuration) & bit) != 0;
  }

  private long configuration() {
    long fixed = HpetRegister.CAPABLE | (line == null ? 0 : (long) pin << ROUTE | 1L << ROUTES + pin);
    return registers.get(configuration) & ~HpetRegister.VALUE_SET | fixed;
  }

  /** Of a periodic one a write sets the period, and the comparator too if that was asked for (2.3.9.2.2). */
  private void written() {
    long written = registers.get(value);
    if (is(HpetRegister.PERIODIC)) {
      if (!is(HpetRegister.VALUE_SET)) {
        registers.set(value, comparator.value);
      }
      period.value = written;
      registers.bits(configuration, HpetRegister.VALUE_SET, false);
    }
    comparator.value = registers.get(value);
    hpet.changed();
  }

  private void reached() {
    if (is(HpetRegister.PERIODIC)) {
      comparator.value += period.value;
      registers.set(value, comparator.value);
    }
    if (is(HpetRegister.LEVEL)) {
      registers.bits(HpetRegister.GINTR_STA, status, true);
    } else if (line != null && is(HpetRegister.ENABLE)) {
      line.pulse();
    }
    hpet.changed();
  }

  /** Drives the line, and waits for the next match. A match with what the counter is now is one turn away. */
  void arm(boolean running, long counter, long now) {
    if (line != null) {
      line.set(running && is(HpetRegister.LEVEL) && is(HpetRegister.ENABLE) && (registers.get(HpetRegister.GINTR_STA) & status) != 0);
    }
    long ticks = registers.get(value) - counter;
    if (is(HpetRegister.NARROW)) {
      ticks = (ticks & NARROW) == 0 ? NARROW + 1 : ticks & NARROW;
    }
    if (running && ticks > 0 && ticks < (Long.MAX_VALUE - now) / Hpet.TICK - 1) {
      alarm.at(now - now % Hpet.TICK + ticks * Hpet.TICK);
    } else {
      alarm.cancel();
    }
  }
}
