// SPDX-License-Identifier: EPL-2.0
package org.xenolith.traces.hypervisor;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import org.xenolith.hyp.api.ConsolesPort;
import org.xenolith.traces.api.TraceStream;

/** Gathers what domains write to their consoles into lines. */
final class DomainLines implements ConsolesPort.ConsoleWatcher {
  private static final int LONGEST = 256;
  private final TraceStream stream;
  private final Map<Integer, ByteArrayOutputStream> open = new TreeMap<>();

  DomainLines(TraceStream stream) {
    this.stream = stream;
  }

  @Override
  public void wrote(int domid, byte b) {
    ByteArrayOutputStream line = open.computeIfAbsent(domid, key -> new ByteArrayOutputStream());
    if (b != '\r' && b != '\n') {
      line.write(b);
    }
    if (b == '\n' || line.size() == LONGEST) {
      tell(domid, line);
    }
  }

  private void tell(int domid, ByteArrayOutputStream line) {
    stream.tell(HypervisorEvents.DOMAIN_CONSOLE, domid, TraceStream.NO_DEVICE, line.toString(StandardCharsets.UTF_8));
    line.reset();
  }

  /** Tells of lines that have no end yet. */
  void end() {
    open.forEach((domid, line) -> {
      if (line.size() > 0) {
        tell(domid, line);
      }
    });
  }
}
