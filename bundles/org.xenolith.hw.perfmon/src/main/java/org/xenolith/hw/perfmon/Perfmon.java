// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.perfmon;

import java.util.ArrayList;
import java.util.List;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.regs.DeviceState;
import org.xenolith.x64.api.Cpu;

/** The performance monitors of all CPUs. */
final class Perfmon implements DeviceModel {
  private final DeviceState state = new DeviceState();
  private final List<CpuPerfmon> monitors = new ArrayList<>();

  Perfmon(DeviceContext context) {
    for (Cpu cpu : Cpu.of(context.processors())) {
      monitors.add(new CpuPerfmon(cpu, context, state));
    }
  }

  @Override
  public DeviceState state() {
    return state;
  }

  @Override
  public void reset() {
    state.reset();
    monitors.forEach(CpuPerfmon::reset);
  }

  @Override
  public void restored() {
    monitors.forEach(CpuPerfmon::restored);
  }

  @Override
  public void removed() {
    monitors.forEach(CpuPerfmon::removed);
  }
}
