// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.api;

import java.util.UUID;

/**
 * What a domain is from its creation on.
 *
 * @param name           for people; unique among the live domains
 * @param handle         its UUID
 * @param vcpus          virtual CPUs, 1 to 128
 * @param maxPages       most pages of 4 KiB that it may own
 * @param kind           what it is to the hypervisor
 * @param eventInterrupt INTID of the PPI by which it hears of events: 16 for Dom0 on the reference board, else 31
 * @param weight         share of CPU time, 256 is usual
 * @param cap            most CPU time in percent of one CPU, 0 for no cap
 */
public record DomainSpec(String name, UUID handle, int vcpus, long maxPages, Kind kind, int eventInterrupt, int weight, int cap) {
  /** What a domain is to the hypervisor. */
  public enum Kind {
    /** The hardware and control domain: domid 0, its RAM at the same addresses as the machine's (1:1). */
    DOM0,
    /** A guest with nothing but what it is given. */
    DOMU,
    /** Our own Java back ends: never executes, has no memory of its own. */
    SERVICE
  }
}
