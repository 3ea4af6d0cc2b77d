// SPDX-License-Identifier: EPL-2.0
package org.xenolith.traces.pci;

import java.util.List;
import java.util.Map;
import org.osgi.service.component.annotations.Component;
import org.xenolith.machine.control.Machine;
import org.xenolith.pci.api.PciBusPort;
import org.xenolith.traces.api.TraceField;
import org.xenolith.traces.api.TraceField.Form;
import org.xenolith.traces.api.TraceKind;
import org.xenolith.traces.api.TraceSource;
import org.xenolith.traces.api.TraceStream;

/** Tells of configuration accesses of the machine's host bridges. */
@Component
public final class ConfigEvents implements TraceSource {
  static final TraceKind CONFIG = TraceKind.of("pci-config", "configuration space of a PCI function is read or written", new TraceField(
      "function", Form.TEXT), new TraceField("offset", Form.BITS), new TraceField("size", Form.NUMBER), new TraceField("write",
          Form.NUMBER),
      new TraceField("value", Form.BITS));

  @Override
  public List<TraceKind> kinds() {
    return List.of(CONFIG);
  }

  @Override
  public Ending begin(Machine machine, TraceStream stream) {
    if (!stream.wants(CONFIG)) {
      return () -> {};
    }
    Map<String, PciBusPort> buses = machine.ports(PciBusPort.class);
    buses.forEach((node, bus) -> bus.watch((function, offset, size, write, value) -> stream.tell(CONFIG, TraceStream.NO_DOMAIN, node,
        "%02x:%02x.%x".formatted(function >>> 8, function >>> 3 & 31, function & 7), (long) offset, (long) size, write ? 1L : 0L, value)));
    return () -> buses.values().forEach(bus -> bus.watch(null));
  }
}
