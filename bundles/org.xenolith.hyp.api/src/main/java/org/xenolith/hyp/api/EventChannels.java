// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.api;

import org.osgi.annotation.versioning.ConsumerType;

/** Event channels, for the hypervisor's own parts (public header {@code event_channel.h}). Ports are positive; errors negative. */
@ConsumerType
public interface EventChannels {
  /** As if a domain did EVTCHNOP_send. @return 0 or a negative errno */
  int send(Domain domain, int port);

  /** Raises a VIRQ; global ones go to whichever vCPU bound them. Nobody bound it: nothing happens. */
  void raise(Vcpu vcpu, int virq);

  /** A port of {@code domain} that {@code remote} (a domid) may bind. @return the port or a negative errno */
  int allocateUnbound(Domain domain, int remote);

  /** Binds a new port of {@code domain} to an unbound one of {@code remote}. @return the port or a negative errno */
  int bindInterdomain(Domain domain, Domain remote, int remotePort);

  /** Closes a port. @return 0 or a negative errno */
  int close(Domain domain, int port);

  /** Whether an event that isn't masked waits for a vCPU. */
  boolean pending(Vcpu vcpu);

  /** Whether a port's event is pending, masked or not; for SCHEDOP_poll. */
  boolean pending(Domain domain, int port);

  /** Ports that aren't closed. */
  int open(Domain domain);

  /**
   * Where a port's bit is by which the domain is told.
   *
   * @param mask whether the bit is meant that masks it, not the one that says it is pending
   * @return eight times the machine address of the bit's byte, and which bit of that it is; -1 if the port isn't valid, or has none
   */
  default long bit(Domain domain, int port, boolean mask) {
    return -1;
  }
}
