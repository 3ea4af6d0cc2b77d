// SPDX-License-Identifier: EPL-2.0
package org.xenolith.traces.formats;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.osgi.service.component.annotations.Component;
import org.xenolith.traces.api.TraceFormat;
import org.xenolith.traces.api.TraceWriter;

/** JDK Flight Recorder's files: events {@code org.xenolith.Trace} with virtual time in a field, beside the host's, which is the recorder's own. */
@Component
public final class JfrFormat implements TraceFormat {
  @Override
  public String name() {
    return "jfr";
  }

  @Override
  public String help() {
    return "a Flight Recorder file of events org.xenolith.Trace, for jfr and JDK Mission Control";
  }

  @Override
  public Optional<String> ending() {
    return Optional.of(".jfr");
  }

  @Override
  public boolean repeatable() {
    return false;
  }

  @Override
  public TraceWriter open(Path target, Head head) throws IOException {
    // Refuses what can't be written before the machine runs: the recorder writes at the end.
    Files.write(target, new byte[0]);
    return new JfrWriter(target);
  }
}
