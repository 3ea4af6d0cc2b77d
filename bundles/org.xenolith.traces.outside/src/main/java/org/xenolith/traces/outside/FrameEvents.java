// SPDX-License-Identifier: EPL-2.0
package org.xenolith.traces.outside;

import java.util.Arrays;
import java.util.List;
import org.osgi.service.component.annotations.Component;
import org.xenolith.machine.control.Machine;
import org.xenolith.net.api.EthernetPort;
import org.xenolith.traces.api.TraceField;
import org.xenolith.traces.api.TraceField.Form;
import org.xenolith.traces.api.TraceKind;
import org.xenolith.traces.api.TraceSource;
import org.xenolith.traces.api.TraceStream;

/** Tells of frames at the stations of the machine's Ethernet segments: network cards, and interfaces of domains. */
@Component
public final class FrameEvents implements TraceSource {
  static final TraceKind FRAME = TraceKind.of("frame", "an Ethernet frame passes a station's port: sent by it or delivered to it",
      new TraceField(
          "sent", Form.NUMBER), new TraceField("frame", Form.BYTES));

  @Override
  public List<TraceKind> kinds() {
    return List.of(FRAME);
  }

  @Override
  public Ending begin(Machine machine, TraceStream stream) {
    if (!stream.wants(FRAME)) {
      return () -> {};
    }
    List<EthernetPort> ports = List.copyOf(machine.ports(EthernetPort.class).values());
    ports.forEach(port -> port.watch((station, sent, bytes, offset, length) -> stream.tell(FRAME, TraceStream.NO_DOMAIN, station.name(),
        sent
            ? 1L : 0L, Arrays.copyOfRange(bytes, offset, offset + length))));
    return () -> ports.forEach(port -> port.watch(null));
  }
}
