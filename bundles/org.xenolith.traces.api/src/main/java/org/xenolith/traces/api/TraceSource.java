// SPDX-License-Identifier: EPL-2.0
package org.xenolith.traces.api;

import java.util.List;
import org.osgi.annotation.versioning.ConsumerType;
import org.xenolith.machine.control.Machine;

/**
 * Tells traces of some kinds of events; an OSGi service. Nobody has a list of sources: those that are installed when a trace begins are asked. While no trace is written a
 * source does nothing, and the machine pays nothing for it.
 */
@ConsumerType
public interface TraceSource {
  /** The kinds of events that it tells of; always the same. */
  List<TraceKind> kinds();

  /**
   * Begins to tell of one machine: on the machine's thread at a safe point, or while it stands still. It must change nothing of the machine, nor what it comes to.
   *
   * @return ends it; called once, from the same places, at the latest when the machine is closed
   */
  Ending begin(Machine machine, TraceStream stream);

  /** Ends what was begun. */
  @FunctionalInterface
  interface Ending {
    /** Tells of nothing more. */
    void end();
  }
}
