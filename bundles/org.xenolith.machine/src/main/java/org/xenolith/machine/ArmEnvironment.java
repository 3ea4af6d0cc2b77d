// SPDX-License-Identifier: EPL-2.0
package org.xenolith.machine;

import java.util.List;
import java.util.function.Consumer;
import org.xenolith.cpu.arch.Cpu;
import org.xenolith.cpu.arch.CpuEnvironment;
import org.xenolith.machine.api.EventLog;
import org.xenolith.machine.kit.Exits;
import org.xenolith.machine.kit.RamBus;

/** What an Arm CPU is given of its machine. */
record ArmEnvironment(RamBus bus, List<Cpu> cpus, FirmwarePort firmware, Exits exits, EventLog events, VirtualClock clock,
    Consumer<Cpu> scheduler) implements CpuEnvironment {
  @Override
  public boolean firmwareCall(Cpu cpu, boolean hvc) {
    return firmware.call(cpu, hvc);
  }

  @Override
  public long nanoseconds() {
    return clock.nanosecondEach() ? clock.now() : -1;
  }

  @Override
  public void wake(Cpu cpu) {
    scheduler.accept(cpu);
  }
}
