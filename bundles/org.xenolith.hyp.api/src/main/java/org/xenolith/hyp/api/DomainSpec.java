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
 * @param emulation      which devices it has that the hypervisor emulates: flags of the architecture, which its builder sets; {@link #USUAL} for those that such a domain usually has there
 */
public record DomainSpec(String name, UUID handle, int vcpus, long maxPages, Kind kind, int eventInterrupt, int weight, int cap,
    int emulation) {
  /** The devices that such a domain usually has. */
  public static final int USUAL = -1;

  /** One with the devices that such a domain usually has. */
  public DomainSpec(String name, UUID handle, int vcpus, long maxPages, Kind kind, int eventInterrupt, int weight, int cap) {
    this(name, handle, vcpus, maxPages, kind, eventInterrupt, weight, cap, USUAL);
  }

  /** The same with other devices. */
  public DomainSpec withEmulation(int flags) {
    return new DomainSpec(name, handle, vcpus, maxPages, kind, eventInterrupt, weight, cap, flags);
  }

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
