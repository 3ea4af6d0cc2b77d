// SPDX-License-Identifier: EPL-2.0
package org.xenolith.traces.formats;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.osgi.service.component.annotations.Component;
import org.xenolith.traces.api.TraceFormat;
import org.xenolith.traces.api.TraceWriter;

/** Chrome's Trace Event Format, which Perfetto's viewer and Chrome's {@code about:tracing} open. */
@Component
public final class ChromeFormat implements TraceFormat {
  @Override
  public String name() {
    return "chrome";
  }

  @Override
  public String help() {
    return "JSON in Chrome's Trace Event Format, for Perfetto's viewer";
  }

  @Override
  public Optional<String> ending() {
    return Optional.of(".json");
  }

  @Override
  public TraceWriter open(Path target, Head head) throws IOException {
    return new ChromeWriter(new CountedFile(target), head);
  }
}
