// SPDX-License-Identifier: EPL-2.0
package org.xenolith.traces.formats;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import jdk.jfr.Recording;
import org.xenolith.traces.api.TraceEvent;
import org.xenolith.traces.api.TraceField;
import org.xenolith.traces.api.TraceWriter;

/** Has JDK Flight Recorder write events, in a recording of its own that has nothing else. */
final class JfrWriter implements TraceWriter {
  /** About what an event takes besides its texts. */
  private static final int EVENT = 40;
  private final Recording recording = new Recording();
  private long size;

  JfrWriter(Path target) throws IOException {
    recording.enable(MachineEvent.class);
    recording.setName("trace");
    recording.setToDisk(true);
    recording.setDestination(target);
    recording.start();
  }

  @Override
  public void write(TraceEvent event) {
    MachineEvent out = new MachineEvent();
    out.virtualTime = event.time();
    out.kind = event.kind().name();
    out.cpu = event.cpu();
    out.domain = event.domain();
    out.device = event.device();
    StringBuilder text = new StringBuilder();
    List<TraceField> fields = event.kind().fields();
    for (int i = 0; i < fields.size(); i++) {
      text.append(i == 0 ? "" : " ").append(fields.get(i).name()).append('=');
      Object value = event.values().get(i);
      switch (fields.get(i).form()) {
        case NUMBER, TEXT -> text.append(value);
        case BITS -> text.append("0x").append(Long.toHexString((Long) value));
        case BYTES -> JsonText.hex(text, (byte[]) value);
      }
    }
    out.details = text.toString();
    size += EVENT + text.length() + event.device().length();
    out.commit();
  }

  @Override
  public long size() {
    return size;
  }

  @Override
  public void close(long dropped) {
    recording.stop();
    recording.close();
  }
}
