// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.timer;

import org.xenolith.machine.api.Alarm;
import org.xenolith.machine.api.Clock;
import org.xenolith.arm.api.ArmCpu;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.regs.LongCell;

/**
 * The events that a counter generates for WFE (Arm ARM D11.2.5), as the fields EVNTEN, EVNTDIR and EVNTI of CNTKCTL_EL1 or
 * CNTHCTL_EL2 say.
 */
final class EventStream {
  /**
   * A guest may ask for an event every two ticks, which would leave it no time to execute. Events are hints that end a
   * wait, so that bits below this one are treated as this one: at most one event in 64 ticks.
   */
  private static final int FASTEST_BIT = 5;
  private static final long EVNTEN = 1 << 2;
  private static final long EVNTDIR = 1 << 3;

  private final CounterScale scale;
  private final Clock clock;
  private final LongCell control;
  private final LongCell offset;
  private final ArmCpu cpu;
  private final Alarm alarm;

  EventStream(String name, DeviceContext context, CounterScale scale, LongCell control, LongCell offset, ArmCpu cpu) {
    this.scale = scale;
    this.control = control;
    this.offset = offset;
    this.cpu = cpu;
    clock = context.time().clock();
    alarm = context.time().alarm(name, this::fire);
  }

  private void fire() {
    cpu.event();
    update();
  }

  /** Sets the alarm for the next event. */
  void update() {
    if ((control.value & EVNTEN) == 0) {
      alarm.cancel();
      return;
    }
    int bit = Math.max((int) (control.value >> 4 & 15), FASTEST_BIT);
    long physical = scale.ticks(clock.now());
    long count = physical - offset.value;
    long period = 2L << bit;
    // The bit rises in the middle of a period and falls at its end.
    long phase = (control.value & EVNTDIR) == 0 ? period / 2 : 0;
    long wait = period - (count - phase & period - 1);
    alarm.at(scale.nanoseconds(physical + wait));
  }

  void reset() {
    alarm.cancel();
  }
}
