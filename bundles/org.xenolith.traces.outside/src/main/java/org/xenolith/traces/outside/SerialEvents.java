// SPDX-License-Identifier: EPL-2.0
package org.xenolith.traces.outside;

import java.util.ArrayList;
import java.util.List;
import org.osgi.service.component.annotations.Component;
import org.xenolith.console.api.SerialPort;
import org.xenolith.machine.control.Machine;
import org.xenolith.traces.api.TraceField;
import org.xenolith.traces.api.TraceField.Form;
import org.xenolith.traces.api.TraceKind;
import org.xenolith.traces.api.TraceSource;
import org.xenolith.traces.api.TraceStream;

/** Tells what passes serial lines, whatever UART is there. */
@Component
public final class SerialEvents implements TraceSource {
  static final TraceKind CONSOLE = TraceKind.of("console",
      "a line has passed a serial line: told when it ends, with how it goes: sent by the guest or not",
      new TraceField("text", Form.TEXT), new TraceField("sent", Form.NUMBER));

  @Override
  public List<TraceKind> kinds() {
    return List.of(CONSOLE);
  }

  @Override
  public Ending begin(Machine machine, TraceStream stream) {
    List<Ending> endings = new ArrayList<>();
    if (stream.wants(CONSOLE)) {
      machine.ports(SerialPort.class).forEach((node, port) -> {
        SerialLines lines = new SerialLines(stream, node);
        port.watch(lines);
        endings.add(() -> {
          port.watch(null);
          lines.end();
        });
      });
    }
    return () -> endings.forEach(Ending::end);
  }
}
