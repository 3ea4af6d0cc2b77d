// SPDX-License-Identifier: EPL-2.0
package org.xenolith.machine.places;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.xenolith.machine.Hardware;
import org.xenolith.machine.api.CpuPort;
import org.xenolith.machine.api.DeviceProcessors;
import org.xenolith.machine.bus.Initiator;
import org.xenolith.machine.kit.CpuView;
import org.xenolith.machine.kit.ViewContext;

/** The machine's CPUs as one model has them: what it claims of them is its own. */
final class SlotProcessors implements DeviceProcessors, ViewContext {
  private final DeviceSlot slot;
  private final Initiator initiator;
  private final Consumer<Throwable> threw;
  private final List<CpuView> cpus = new ArrayList<>();

  /** @param threw is told what a handler throws */
  SlotProcessors(DeviceSlot slot, Hardware hardware, Consumer<Throwable> threw) {
    this.slot = slot;
    this.initiator = hardware.initiator;
    this.threw = threw;
    hardware.cpus.forEach(cpu -> cpus.add(cpu.view(this)));
  }

  void commit() {
    cpus.forEach(CpuView::commit);
  }

  void close() {
    cpus.forEach(CpuView::close);
  }

  @Override
  public List<? extends CpuPort> cpus() {
    return cpus;
  }

  @Override
  public String instance() {
    return slot.instance();
  }

  @Override
  public int order() {
    return slot.order();
  }

  @Override
  public void failed(Throwable bug) {
    threw.accept(bug);
  }

  @Override
  public void entered(int cpu) {
    initiator.by(Initiator.port(cpu, false));
  }
}
