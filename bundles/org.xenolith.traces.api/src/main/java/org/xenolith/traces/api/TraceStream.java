// SPDX-License-Identifier: EPL-2.0
package org.xenolith.traces.api;

import org.osgi.annotation.versioning.ProviderType;

/** A trace that is being written, as sources tell it of events. */
@ProviderType
public interface TraceStream {
  /** Number of no domain. */
  int NO_DOMAIN = -1;
  /** Name of no device. */
  String NO_DEVICE = "";

  /** Whether events of a kind are wanted at all. It doesn't change: who would have to look for them needn't begin. */
  boolean wants(TraceKind kind);

  /**
   * Something has happened, now. What isn't wanted, or has no room any more, is left out.
   *
   * @param kind   one of those that the source has declared
   * @param domain see {@link TraceEvent}; {@link #NO_DOMAIN} has it be the one that executes on the CPU, as far as that was told
   * @param device see {@link TraceEvent}
   * @param values of all the kind's fields, in their order
   * @throws IllegalArgumentException if these aren't values of such fields
   */
  void tell(TraceKind kind, int domain, String device, Object... values);

  /**
   * From now on a CPU executes a domain.
   *
   * @param domain {@link #NO_DOMAIN} for none
   */
  void executes(int cpu, int domain);
}
