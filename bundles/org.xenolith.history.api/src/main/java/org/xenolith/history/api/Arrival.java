// SPDX-License-Identifier: EPL-2.0
package org.xenolith.history.api;

import java.util.List;
import org.xenolith.inspect.api.StopReport;

/**
 * Why a machine of the past stands where it does.
 *
 * @param why     that
 * @param reached the places that were met there; empty unless {@link Why#STOP} is why
 */
public record Arrival(Why why, List<StopReport> reached) {
  /** Why it stands. */
  public enum Why {
    /** It was moved as far as was asked. */
    THERE,
    /** A place was met. */
    STOP,
    /** There is nothing before. */
    FIRST,
    /** There is nothing behind: it is where the present machine stands, or what would be has ended. */
    PRESENT,
    /** Somebody gave up. */
    CANCELLED
  }

  /** Takes a copy of what was met. */
  public Arrival {
    reached = List.copyOf(reached);
  }
}
