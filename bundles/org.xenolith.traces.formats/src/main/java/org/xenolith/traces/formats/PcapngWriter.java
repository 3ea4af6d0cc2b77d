// SPDX-License-Identifier: EPL-2.0
package org.xenolith.traces.formats;

import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import org.xenolith.net.kit.FrameCapture;
import org.xenolith.traces.api.TraceEvent;
import org.xenolith.traces.api.TraceWriter;

/** Writes frames into a capture: an interface for each port, times in virtual nanoseconds. */
final class PcapngWriter implements TraceWriter {
  private final CountedFile file;
  private final FrameCapture capture;
  private final Map<String, Integer> interfaces = new HashMap<>();

  PcapngWriter(CountedFile file) throws IOException {
    this.file = file;
    capture = new FrameCapture(file::write);
  }

  private int number(String port) throws IOException {
    Integer known = interfaces.get(port);
    if (known == null) {
      known = capture.port(port);
      interfaces.put(port, known);
    }
    return known;
  }

  @Override
  public void write(TraceEvent event) throws IOException {
    byte[] frame = (byte[]) event.values().get(event.kind().fields().indexOf(PcapngFormat.FRAME));
    boolean sent = (Long) event.values().get(event.kind().fields().indexOf(PcapngFormat.SENT)) != 0;
    capture.frame(number(event.device()), event.time(), sent, frame, 0, frame.length);
  }

  @Override
  public long size() {
    return file.size();
  }

  @Override
  public void close(long dropped) throws IOException {
    file.close();
  }
}
