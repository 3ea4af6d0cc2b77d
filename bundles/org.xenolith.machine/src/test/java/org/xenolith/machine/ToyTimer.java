// SPDX-License-Identifier: EPL-2.0
package org.xenolith.machine;

import java.util.List;
import org.xenolith.machine.api.AccessRule;
import org.xenolith.machine.api.Alarm;
import org.xenolith.arm.api.ArmCpu;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.machine.api.MmioHandler;
import org.xenolith.regs.DeviceState;
import org.xenolith.regs.LongCell;

/**
 * A device for tests. Writing 0 arms an alarm so many ns ahead; when it fires, the count goes up and CPU 0's IRQ too, until
 * 4 is written. Reading 0 gives the count, 8 the time of the last firing. Writing 12 throws.
 */
public final class ToyTimer implements DeviceModel, MmioHandler {
  private final DeviceState state = new DeviceState();
  private final LongCell count = state.cell("count", 0);
  private final LongCell last = state.cell("last", 0);
  private final LongCell level = state.cell("level", 0);
  private final DeviceContext context;
  private final Alarm alarm;
  private final List<ArmCpu> cpus;

  public ToyTimer(DeviceContext context) {
    this.context = context;
    alarm = context.time().alarm("tick", this::fire);
    cpus = ArmCpu.of(context.processors());
    context.bus().window(0, AccessRule.ANY, this);
  }

  private void fire() {
    count.value++;
    last.value = context.time().clock().now();
    drive(true);
  }

  private void drive(boolean high) {
    level.set(high);
    cpus.getFirst().signal(ArmCpu.Signal.IRQ, high);
  }

  @Override
  public DeviceState state() {
    return state;
  }

  @Override
  public void reset() {
    state.reset();
    alarm.cancel();
    drive(false);
  }

  @Override
  public void restored() {
    cpus.getFirst().signal(ArmCpu.Signal.IRQ, level.isSet());
  }

  @Override
  public long read(long offset, int size) {
    return offset == 0 ? count.value : last.value;
  }

  @Override
  public void write(long offset, int size, long value) {
    switch ((int) offset) {
      case 0 -> alarm.at(context.time().clock().now() + value);
      case 4 -> drive(false);
      default -> throw new IllegalStateException("broken on purpose");
    }
  }
}
