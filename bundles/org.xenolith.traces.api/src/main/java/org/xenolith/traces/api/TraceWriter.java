// SPDX-License-Identifier: EPL-2.0
package org.xenolith.traces.api;

import java.io.IOException;
import org.osgi.annotation.versioning.ConsumerType;

/** Writes one trace. Used by one thread at a time; it never waits for anybody but the host's files. */
@ConsumerType
public interface TraceWriter {
  /** Writes an event; they come in the order of their times. */
  void write(TraceEvent event) throws IOException;

  /** Bytes that are written or held so far, as far as that is known. */
  long size();

  /**
   * Ends the trace, so that whoever reads the form can read it. Called once, also after {@link #write} has failed.
   *
   * @param dropped events that were left out because there was no room for them
   */
  void close(long dropped) throws IOException;
}
