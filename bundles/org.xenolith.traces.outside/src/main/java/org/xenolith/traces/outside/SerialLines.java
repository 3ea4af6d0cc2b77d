// SPDX-License-Identifier: EPL-2.0
package org.xenolith.traces.outside;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import org.xenolith.console.api.SerialPort;
import org.xenolith.traces.api.TraceStream;

/** Gathers what passes a serial line into lines, each way for itself. */
final class SerialLines implements SerialPort.SerialWatcher {
  private static final int LONGEST = 256;
  private final TraceStream stream;
  private final String device;
  private final ByteArrayOutputStream sent = new ByteArrayOutputStream();
  private final ByteArrayOutputStream received = new ByteArrayOutputStream();

  SerialLines(TraceStream stream, String device) {
    this.stream = stream;
    this.device = device;
  }

  @Override
  public void passes(int b, boolean isSent) {
    ByteArrayOutputStream line = isSent ? sent : received;
    if (b != '\r' && b != '\n') {
      line.write(b);
    }
    if (b == '\n' || line.size() == LONGEST) {
      tell(line);
    }
  }

  private void tell(ByteArrayOutputStream line) {
    stream.tell(SerialEvents.CONSOLE, TraceStream.NO_DOMAIN, device, line.toString(StandardCharsets.UTF_8), line == sent ? 1L : 0L);
    line.reset();
  }

  /** Tells of lines that have no end yet. */
  void end() {
    if (sent.size() > 0) {
      tell(sent);
    }
    if (received.size() > 0) {
      tell(received);
    }
  }
}
