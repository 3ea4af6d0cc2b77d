// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.smmuv3;

import java.util.List;
import org.xenolith.fdt.FdtProperty;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.DmaPort;
import org.xenolith.machine.api.ExternalAbort;
import org.xenolith.machine.api.InterruptLine;

/**
 * The interrupts: a message if an address is configured, else an edge of the wire that {@code interrupt-names} gives the source
 * (IHI 0070, 3.18; binding {@code arm,smmu-v3}). A node that names a {@code combined} wire has no others.
 */
final class Signals {
  /** What interrupts, with the name of its wire. */
  enum Source {
    EVENT_QUEUE("eventq"),
    GLOBAL_ERROR("gerror"),
    SYNC("cmdq-sync");

    private final String wire;

    Source(String wire) {
      this.wire = wire;
    }
  }

  private final DmaPort messages;
  private final InterruptLine[] wires = new InterruptLine[Source.values().length];

  Signals(DeviceContext context) {
    messages = context.memory().dma(0);
    List<String> names = context.node().property("interrupt-names").filter(FdtProperty::looksLikeStrings).map(FdtProperty::strings).orElse(
        List.of());
    int combined = names.indexOf("combined");
    for (Source source : Source.values()) {
      int index = combined >= 0 ? combined : names.indexOf(source.wire);
      wires[source.ordinal()] = index < 0 ? null : context.lines().interrupt(index);
    }
  }

  /**
   * Interrupts.
   *
   * @param address where to write the message; 0 for none
   * @return whether the message arrived, or none was to be sent
   */
  boolean raise(Source source, long address, long data) {
    if (address != 0) {
      try {
        messages.write(address, 4, data & 0xFFFF_FFFFL);
        return true;
      } catch (ExternalAbort refused) {
        return false;
      }
    }
    InterruptLine wire = wires[source.ordinal()];
    if (wire != null) {
      wire.pulse();
    }
    return true;
  }
}
