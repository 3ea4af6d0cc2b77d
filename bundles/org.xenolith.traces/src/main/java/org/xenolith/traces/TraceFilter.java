// SPDX-License-Identifier: EPL-2.0
package org.xenolith.traces;

import java.util.Set;
import org.xenolith.traces.api.TraceEvent;

/**
 * Which events a trace has.
 *
 * @param kinds   names of kinds; empty for all
 * @param cpus    indexes; empty for all events, those without a CPU among them
 * @param domains numbers; empty likewise
 * @param devices parts of a device's name, of which one must be in it; empty likewise
 * @param from    virtual nanoseconds of the first event
 * @param to      virtual nanoseconds from which on there is none
 */
record TraceFilter(Set<String> kinds, Set<Integer> cpus, Set<Integer> domains, Set<String> devices, long from, long to) {
  TraceFilter {
    kinds = Set.copyOf(kinds);
    cpus = Set.copyOf(cpus);
    domains = Set.copyOf(domains);
    devices = Set.copyOf(devices);
  }

  /** Whether events of a kind may be wanted. */
  boolean wantsKind(String name) {
    return kinds.isEmpty() || kinds.contains(name);
  }

  /** Whether an event of a kind that is wanted is. */
  boolean wants(TraceEvent event) {
    return event.time() >= from && event.time() < to && (cpus.isEmpty() || cpus.contains(event.cpu())) && (domains.isEmpty() || domains
        .contains(event.domain())) && (devices.isEmpty() || devices.stream().anyMatch(event.device()::contains));
  }
}
