// SPDX-License-Identifier: EPL-2.0
package org.xenolith.traces.formats;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.osgi.service.component.annotations.Component;
import org.xenolith.traces.api.TraceField;
import org.xenolith.traces.api.TraceField.Form;
import org.xenolith.traces.api.TraceFormat;
import org.xenolith.traces.api.TraceKind;
import org.xenolith.traces.api.TraceWriter;

/** The PCAP Next Generation capture file format: kinds that have an Ethernet frame, and nothing else. */
@Component
public final class PcapngFormat implements TraceFormat {
  static final TraceField FRAME = new TraceField("frame", Form.BYTES);
  static final TraceField SENT = new TraceField("sent", Form.NUMBER);

  @Override
  public String name() {
    return "pcapng";
  }

  @Override
  public String help() {
    return "a capture of Ethernet frames, for Wireshark";
  }

  @Override
  public Optional<String> ending() {
    return Optional.of(".pcapng");
  }

  @Override
  public boolean takes(TraceKind kind) {
    return kind.fields().contains(FRAME) && kind.fields().contains(SENT);
  }

  @Override
  public TraceWriter open(Path target, Head head) throws IOException {
    return new PcapngWriter(new CountedFile(target));
  }
}
