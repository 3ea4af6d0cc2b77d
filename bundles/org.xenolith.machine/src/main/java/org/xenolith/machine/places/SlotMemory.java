// SPDX-License-Identifier: EPL-2.0
package org.xenolith.machine.places;

import java.util.function.Consumer;
import org.xenolith.machine.Hardware;
import org.xenolith.machine.api.DeviceMemory;
import org.xenolith.machine.api.DmaPort;
import org.xenolith.machine.api.DmaTranslator;
import org.xenolith.machine.api.ModelException;
import org.xenolith.machine.api.PhysicalBus;
import org.xenolith.platform.api.PlatformNode;

/** One model's ways to memory. */
final class SlotMemory implements DeviceMemory {
  private final DeviceSlot slot;
  private final Hardware hardware;
  private final Consumer<Throwable> threw;
  private DmaTranslator translator;

  /** @param threw is told what the translator throws */
  SlotMemory(DeviceSlot slot, Hardware hardware, Consumer<Throwable> threw) {
    this.slot = slot;
    this.hardware = hardware;
    this.threw = threw;
  }

  void commit() {
    if (translator != null) {
      hardware.requesters.attach(slot.node().path(), translator, threw);
    }
  }

  void close() {
    if (translator != null) {
      hardware.requesters.detach(slot.node().path());
    }
  }

  @Override
  public DmaPort dma() {
    return new WatchedDma(hardware.busMaster, slot.instance(), hardware.exits);
  }

  @Override
  public DmaPort dma(int requester) {
    PlatformNode node = slot.node();
    String name = requester == 0 ? slot.instance() : slot.instance() + '#' + Integer.toHexString(requester);
    return new WatchedDma(hardware.requesters.port(node, requester), name, hardware.exits);
  }

  @Override
  public void translator(DmaTranslator newTranslator) {
    translator = newTranslator;
  }

  @Override
  public PhysicalBus physical(int cpu) {
    if (cpu < 0 || cpu >= hardware.cpus.size()) {
      throw new ModelException(slot.instance() + ": there is no CPU " + cpu + ", the machine has " + hardware.cpus.size());
    }
    return hardware.buses.get(cpu);
  }
}
