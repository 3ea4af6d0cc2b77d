// SPDX-License-Identifier: EPL-2.0
package org.xenolith.traces.formats;

import java.io.IOException;
import java.nio.file.Path;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.xenolith.traces.api.TraceEvent;
import org.xenolith.traces.api.TraceField;
import org.xenolith.traces.api.TraceFormat.Head;
import org.xenolith.traces.api.TraceKind;
import org.xenolith.traces.api.TraceWriter;

/**
 * Writes the packets of a trace in the Common Trace Format, one data stream in one file. They are the same for 1.8 and 2, whose descriptions of them differ: {@link CtfLayout} has the fields of
 * headers that both describe. A packet has what is held in memory: about 64 KiB.
 */
final class CtfWriter implements TraceWriter {
  static final String DATA = "events";
  static final String METADATA = "metadata";
  private static final int PACKET = 1 << 16;

  private final CountedFile file;
  private final Map<TraceKind, Integer> ids = new IdentityHashMap<>();
  private final PacketBuffer events = new PacketBuffer();
  private final PacketBuffer header = new PacketBuffer();
  private long begin;
  private long end;

  /** @param folder is there, and has the description */
  CtfWriter(Path folder, Head head) throws IOException {
    file = new CountedFile(folder.resolve(DATA));
    head.kinds().forEach(kind -> ids.put(kind, ids.size()));
  }

  @Override
  public void write(TraceEvent event) throws IOException {
    if (events.length() == 0) {
      begin = event.time();
    }
    end = event.time();
    events.number(ids.get(event.kind()), CtfLayout.ID_BYTES);
    events.number(event.time(), CtfLayout.TIME_BYTES);
    events.number(event.cpu(), CtfLayout.PLACE_BYTES);
    events.number(event.domain(), CtfLayout.PLACE_BYTES);
    events.text(event.device());
    List<TraceField> fields = event.kind().fields();
    for (int i = 0; i < fields.size(); i++) {
      Object value = event.values().get(i);
      switch (fields.get(i).form()) {
        case NUMBER, BITS -> events.number((Long) value, Long.BYTES);
        case TEXT -> events.text((String) value);
        case BYTES -> events.counted((byte[]) value);
      }
    }
    if (events.length() >= PACKET) {
      packet(0);
    }
  }

  private void packet(long dropped) throws IOException {
    header.clear();
    long bits = (long) (CtfLayout.HEADER_BYTES + events.length()) * Byte.SIZE;
    header.number(CtfLayout.MAGIC, CtfLayout.MAGIC_BYTES);
    header.number(bits, Long.BYTES);
    header.number(bits, Long.BYTES);
    header.number(begin, CtfLayout.TIME_BYTES);
    header.number(end, CtfLayout.TIME_BYTES);
    header.number(dropped, Long.BYTES);
    file.write(header.bytes(), 0, header.length());
    file.write(events.bytes(), 0, events.length());
    begin = end;
    events.clear();
  }

  @Override
  public long size() {
    return file.size() + events.length();
  }

  @Override
  public void close(long dropped) throws IOException {
    try (file) {
      packet(0);
      if (dropped > 0) {
        // Readers see by how many it is more than the packet before had.
        packet(dropped);
      }
    }
  }
}
