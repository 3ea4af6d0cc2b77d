// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.timer;

import org.xenolith.arm.api.ArmCpu;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.regs.DeviceState;

/** The generic timers of all CPUs over one system counter that counts virtual time. */
final class GenericTimer implements DeviceModel {
  private final DeviceState state = new DeviceState();
  private final CpuTimers[] timers;

  GenericTimer(DeviceContext context) {
    long hertz = context.node().cell("clock-frequency", context.options().number("frequency"));
    CounterScale scale = new CounterScale(hertz, context.instance());
    timers = new CpuTimers[context.processors().cpus().size()];
    for (ArmCpu cpu : ArmCpu.of(context.processors())) {
      timers[cpu.index()] = new CpuTimers(cpu, context, state, scale);
    }
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
}
