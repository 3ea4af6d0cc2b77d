// SPDX-License-Identifier: EPL-2.0
package org.xenolith.machine.places;

import java.util.List;
import java.util.function.Consumer;
import org.xenolith.machine.Hardware;
import org.xenolith.machine.api.DeviceLines;
import org.xenolith.machine.api.InterruptInputs;
import org.xenolith.machine.api.InterruptLine;
import org.xenolith.platform.api.InterruptSpecifier;
import org.xenolith.platform.api.PlatformNode;

/** The interrupt lines of one model. */
final class SlotLines implements DeviceLines {
  private final PlatformNode node;
  private final Hardware hardware;
  private final Entries entries;
  private final Consumer<Throwable> threw;
  private InterruptInputs inputs;

  /** @param threw is told what the inputs throw */
  SlotLines(DeviceSlot slot, Hardware hardware, Entries entries, Consumer<Throwable> threw) {
    this.node = slot.node();
    this.hardware = hardware;
    this.entries = entries;
    this.threw = threw;
  }

  /** @param fresh whether the device starts from reset, not from a record */
  void commit(boolean fresh) {
    if (inputs != null) {
      hardware.fabric.attach(node.path(), inputs, threw, fresh);
    }
  }

  void close() {
    if (inputs != null) {
      hardware.fabric.detach(node.path());
    }
  }

  boolean isController() { return inputs != null; }

  @Override
  public InterruptLine line(InterruptSpecifier specifier) {
    return hardware.fabric.wire(node.path() + " line " + specifier, specifier, -1);
  }

  @Override
  public InterruptLine interrupt(int index) {
    return interrupt(index, -1);
  }

  @Override
  public int interrupts() {
    return node.interrupts().size();
  }

  @Override
  public InterruptLine interrupt(int index, int cpu) {
    entries.require("interrupts", index, interrupts());
    InterruptSpecifier specifier = node.interrupts().get(index);
    String name = node.path() + " interrupt " + index + (cpu < 0 ? "" : " cpu " + cpu);
    return hardware.fabric.wire(name, specifier, cpu);
  }

  @Override
  public List<InterruptSpecifier> incoming() {
    String here = node.path();
    return hardware.platform.nodes().stream().flatMap(n -> n.interrupts().stream())
        .filter(specifier -> specifier.controller().equals(here)).toList();
  }

  @Override
  public void controller(InterruptInputs newInputs) {
    inputs = newInputs;
  }
}
