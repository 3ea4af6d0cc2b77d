// SPDX-License-Identifier: EPL-2.0
package org.xenolith.machine;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.xenolith.cpu.arch.Cpu;
import org.xenolith.machine.api.CpuPort;
import org.xenolith.machine.api.DeviceProcessors;
import org.xenolith.machine.api.SmcccHandler;

/** The machine's CPUs as one model has them: what it claims of them is its own. */
final class SlotProcessors implements DeviceProcessors {
  private final DeviceSlot slot;
  private final Hardware hardware;
  private final Consumer<Throwable> threw;
  private final List<SmcccHandler> firmware = new ArrayList<>();
  private final List<ClaimedCpu> cpus = new ArrayList<>();

  /** @param threw is told what a handler throws */
  SlotProcessors(DeviceSlot slot, Hardware hardware, Consumer<Throwable> threw) {
    this.slot = slot;
    this.hardware = hardware;
    this.threw = threw;
    hardware.cpus.forEach(cpu -> cpus.add(new ClaimedCpu(cpu.as(Cpu.class), slot.instance(), hardware, threw)));
  }

  void commit() {
    cpus.forEach(ClaimedCpu::commit);
    firmware.forEach(handler -> hardware.firmware.add(slot.order(), slot.instance(), handler, threw));
  }

  void close() {
    cpus.forEach(ClaimedCpu::close);
    firmware.forEach(hardware.firmware::remove);
  }

  @Override
  public List<? extends CpuPort> cpus() {
    return cpus;
  }

  @Override
  public void firmware(SmcccHandler handler) {
    firmware.add(handler);
  }
}
