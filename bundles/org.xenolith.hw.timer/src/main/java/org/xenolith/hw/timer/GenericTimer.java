// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.timer;

import org.xenolith.arm.api.ArmCpu;
import org.xenolith.arm.api.SystemCounter;
import org.xenolith.arm.api.SystemCounterPort;
import org.xenolith.machine.api.Clock;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.regs.DeviceState;

/** The generic timers of all CPUs over one system counter that counts virtual time. */
final class GenericTimer implements DeviceModel, SystemCounter {
  private final DeviceState state = new DeviceState();
  private final CpuTimers[] timers;
  private final CounterScale scale;
  private final Clock clock;
  private final SystemCounterPort port;

  GenericTimer(DeviceContext context) {
    long hertz = context.node().cell("clock-frequency", context.options().number("frequency"));
    scale = new CounterScale(hertz, context.instance());
    clock = context.time().clock();
    port = context.port(SystemCounterPort.NODE, SystemCounterPort.class);
    timers = new CpuTimers[context.processors().cpus().size()];
    for (ArmCpu cpu : ArmCpu.of(context.processors())) {
      timers[cpu.index()] = new CpuTimers(cpu, context, state, scale);
    }
    port.connect(this);
  }

  @Override
  public long hertz() {
    return scale.hertz();
  }

  @Override
  public long count() {
    return scale.ticks(clock.now());
  }

  @Override
  public long nanoseconds(long count) {
    return scale.nanoseconds(count);
  }

  @Override
  public DeviceState state() {
    return state;
  }

  @Override
  public void reset() {
    state.reset();
    for (CpuTimers each : timers) {
      each.reset();
    }
  }

  @Override
  public void restored() {
    for (CpuTimers each : timers) {
      each.drive();
    }
  }

  @Override
  public void removed() {
    port.disconnect(this);
  }
}
