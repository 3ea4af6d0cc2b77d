// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.timer;

import org.xenolith.machine.api.Alarm;
import org.xenolith.machine.api.Clock;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.InterruptLine;
import org.xenolith.regs.DeviceState;
import org.xenolith.regs.LongCell;

/**
 * One timer of one CPU (Arm ARM D11.2.4): compares a 64-bit up-counter with CVAL. The output is level-sensitive: ENABLE,
 * not IMASK, and the condition met.
 */
final class TimerChannel {
  private static final long ENABLE = 1;
  private static final long IMASK = 2;
  private static final long ISTATUS = 4;

  private final CounterScale scale;
  private final Clock clock;
  private final LongCell offset;
  private final LongCell control;
  private final LongCell compare;
  private final InterruptLine line;
  private final Alarm alarm;

  /**
   * @param name   unique in the device
   * @param offset is subtracted from the physical count
   * @param line   output, or null if it is not connected
   */
  TimerChannel(String name, DeviceContext context, DeviceState state, CounterScale scale, LongCell offset,
      InterruptLine line) {
    this.scale = scale;
    this.offset = offset;
    this.line = line;
    clock = context.time().clock();
    control = state.cell(name + ".CTL", 0);
    compare = state.cell(name + ".CVAL", 0);
    alarm = context.time().alarm(name, this::update);
  }

  private long count() {
    return scale.ticks(clock.now()) - offset.value;
  }

  private boolean met() {
    return Long.compareUnsigned(count(), compare.value) >= 0;
  }

  long readControl() {
    return control.value | ((control.value & ENABLE) != 0 && met() ? ISTATUS : 0);
  }

  void writeControl(long value) {
    control.value = value & (ENABLE | IMASK);
    update();
  }

  long readCompare() {
    return compare.value;
  }

  void writeCompare(long value) {
    compare.value = value;
    update();
  }

  long readTimerValue() {
    return compare.value - count() & 0xFFFF_FFFFL;
  }

  void writeTimerValue(long value) {
    compare.value = count() + (int) value;
    update();
  }

  private boolean output() {
    return (control.value & (ENABLE | IMASK)) == ENABLE && met();
  }

  /** Drives the output. */
  void drive() {
    if (line != null) {
      line.set(output());
    }
  }

  /** Drives the output and sets the alarm for its next change. */
  void update() {
    drive();
    if (line == null || (control.value & (ENABLE | IMASK)) != ENABLE) {
      alarm.cancel();
      return;
    }
    long physical = scale.ticks(clock.now());
    long count = physical - offset.value;
    // Not met: until CVAL. Met: until the count wraps, which only a virtual offset can bring near.
    long wait = Long.compareUnsigned(count, compare.value) >= 0 ? -count : compare.value - count;
    // A wait of 0 here is 2⁶⁴; like every sum beyond 2⁶³ it never ends.
    long deadline = wait <= 0 || physical + wait < 0 ? CounterScale.NEVER : scale.nanoseconds(physical + wait);
    if (deadline == CounterScale.NEVER) {
      alarm.cancel();
    } else {
      alarm.at(deadline);
    }
  }

  void reset() {
    alarm.cancel();
    drive();
  }
}
