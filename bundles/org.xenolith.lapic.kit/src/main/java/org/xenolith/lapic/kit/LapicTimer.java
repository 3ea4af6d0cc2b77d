// SPDX-License-Identifier: EPL-2.0
package org.xenolith.lapic.kit;

import static org.xenolith.lapic.kit.LapicRegister.DIVIDE;
import static org.xenolith.lapic.kit.LapicRegister.INITIAL_COUNT;
import static org.xenolith.lapic.kit.LapicRegister.LVT_TIMER;
import static org.xenolith.lapic.kit.LapicRegister.MASKED;

import org.xenolith.regs.DeviceState;
import org.xenolith.regs.LongCell;
import org.xenolith.regs.RegisterFile;

/**
 * The timer of a local APIC (SDM volume 3, 12.5.4): counts down once, again and again, or waits for a time stamp.
 *
 * <p>An alarm is set only for what can be seen: while the timer's interrupt is masked or requested already, further ends of the count change nothing. So a
 * guest that asks for the shortest of periods has no more alarms than interrupts that it takes.
 */
final class LapicTimer {
  private static final int PERIODIC = 1;
  private static final int DEADLINE = 2;

  private final RegisterFile<LapicRegister> registers;
  private final LapicClock scale;
  private final LapicSurroundings surroundings;
  private final LocalApic apic;
  /** Tick at which the count was {@link #count}. */
  private final LongCell start;
  /** Zero while it doesn't count. */
  private final LongCell count;
  /** Time stamp, or zero. */
  private final LongCell deadline;

  LapicTimer(String name, DeviceState state, RegisterFile<LapicRegister> registers, LapicClock scale, LapicSurroundings surroundings,
      LocalApic apic) {
    this.registers = registers;
    this.scale = scale;
    this.surroundings = surroundings;
    this.apic = apic;
    start = state.cell(name + ".timer-start", 0);
    count = state.cell(name + ".timer-count", 0);
    deadline = state.cell(name + ".IA32_TSC_DEADLINE", 0);
  }

  /** Time stamps come at other times from now on. */
  void timeStampWritten() {
    if (deadline.isSet()) {
      update();
    }
  }

  int mode() {
    return (int) registers.get(LVT_TIMER) >> 17 & 3;
  }

  private boolean counts() {
    return mode() <= PERIODIC;
  }

  private long divider() {
    int code = (int) registers.get(DIVIDE);
    return 1L << ((code >> 1 & 4 | code & 3) + 1 & 7);
  }

  /** Whether the initial count may be written now; in TSC-deadline mode that is ignored. */
  boolean startable() {
    return mode() != DEADLINE;
  }

  /** Brings the count to the present: ends that have passed are behind it. Before a register is written that says what follows them. */
  void settle() {
    if (!count.isSet()) {
      return;
    }
    long divider = divider();
    long over = scale.ticks(surroundings.now()) - start.value - count.value * divider;
    if (over >= 0) {
      long initial = registers.get(INITIAL_COUNT);
      if (mode() == PERIODIC && initial != 0) {
        long period = initial * divider;
        start.value += count.value * divider + over / period * period;
        count.value = initial;
      } else {
        count.value = 0;
      }
    }
  }

  /** CURRENT_COUNT. */
  long current() {
    settle();
    return count.isSet() ? count.value - (scale.ticks(surroundings.now()) - start.value) / divider() : 0;
  }

  /** Before the divider is written: what has been counted till now stays so. */
  void hold() {
    count.value = current();
    start.value = scale.ticks(surroundings.now());
  }

  /** LVT_TIMER was written. What is between a mode that counts and one that doesn't disarms the timer. @param before the mode that it had */
  void modeWritten(int before) {
    if (before != mode() && (before > PERIODIC || !counts())) {
      count.value = 0;
      deadline.value = 0;
    }
    update();
  }

  /** INITIAL_COUNT was written. */
  void started() {
    count.value = counts() ? registers.get(INITIAL_COUNT) : 0;
    start.value = scale.ticks(surroundings.now());
    update();
  }

  long deadline() {
    return deadline.value;
  }

  /** IA32_TSC_DEADLINE is written; ignored in other modes. */
  void deadline(long timeStamp) {
    if (mode() == DEADLINE) {
      deadline.value = timeStamp;
      update();
    }
  }

  /** Sets the alarm for the next end that can be seen. */
  void update() {
    long at = Long.MAX_VALUE;
    if (mode() == DEADLINE) {
      if (deadline.isSet()) {
        at = surroundings.timeOf(deadline.value);
        if (at <= surroundings.now()) {
          silence();
          fire();
          return;
        }
      }
    } else if (count.isSet() && isVisible()) {
      settle();
      at = count.isSet() ? scale.nanoseconds(start.value + count.value * divider()) : at;
    }
    if (at == Long.MAX_VALUE) {
      silence();
    } else if (surroundings.alarm() != at) {
      surroundings.alarm(at);
    }
  }

  private boolean isVisible() {
    long entry = registers.get(LVT_TIMER);
    return (entry & MASKED) == 0 && !apic.requested((int) entry & 0xFF);
  }

  /** The alarm rings. */
  void fire() {
    deadline.value = 0;
    settle();
    long entry = registers.get(LVT_TIMER);
    if ((entry & MASKED) == 0) {
      apic.expired((int) entry & 0xFF);
    }
    update();
  }

  /** The registers have been reset. */
  void reset() {
    start.value = 0;
    count.value = 0;
    deadline.value = 0;
    silence();
  }

  private void silence() {
    surroundings.alarm(Long.MAX_VALUE);
  }
}
