// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.kit;

import org.xenolith.cpu.arch.Cpu;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.PhysicalBus;

/** The machine's bus as the hypervisor reaches it, who has the CPUs: by their loads and stores. */
public final class HardwareBus {
  private HardwareBus() {}

  /** That bus, for a subsystem. */
  public static PhysicalBus of(DeviceContext subsystem) {
    return subsystem.cpus().getFirst().as(Cpu.class).env.bus();
  }
}
