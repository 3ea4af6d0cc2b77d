// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.pvtime;

import org.xenolith.hyp.kit.DomainPart;

/**
 * The timers of one domain's virtual CPUs: each has one that rings once, and one that rings again and again. All in nanoseconds of virtual time, by
 * number of the virtual CPU; 0 while a timer isn't set. Beside them, where each has a second copy of the time.
 */
final class DomainPvTimers extends DomainPart {
  /** When each rings once. */
  final long[] once;
  /** How often each rings by its period. */
  final long[] period;
  /** When each rings by its period next. */
  final long[] next;
  /** Guest virtual address of each one's second copy of the time, 0 for none. */
  final long[] area;
  /** The version in each copy. */
  final long[] areaVersion;

  DomainPvTimers(int serial, int vcpus) {
    super(serial, vcpus);
    once = state.longs("once", vcpus);
    period = state.longs("period", vcpus);
    next = state.longs("next", vcpus);
    area = state.longs("time-area", vcpus);
    areaVersion = state.longs("time-area-version", vcpus);
  }

  /** When the first of them rings; {@link Long#MAX_VALUE} if none does. */
  long first() {
    long first = Long.MAX_VALUE;
    for (int v = 0; v < vcpus; v++) {
      if (once[v] != 0) {
        first = Math.min(first, once[v]);
      }
      if (period[v] != 0) {
        first = Math.min(first, next[v]);
      }
    }
    return first;
  }

  /** Whether a virtual CPU's timers ring now, one of them or both; those that rang are set anew or no more. */
  boolean rings(int vcpu, long now) {
    boolean rings = false;
    if (once[vcpu] != 0 && once[vcpu] <= now) {
      once[vcpu] = 0;
      rings = true;
    }
    if (period[vcpu] != 0 && next[vcpu] <= now) {
      next[vcpu] += period[vcpu];
      if (next[vcpu] <= now) {
        // nobody could be told for some periods: they are lost, as all of them together are one event
        next[vcpu] = now + period[vcpu];
      }
      rings = true;
    }
    return rings;
  }
}
