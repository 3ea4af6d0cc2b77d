// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.evtchn;

/** How the hypervisor and a domain tell each other of events. Ports are valid ones of the domain. */
interface EventAbi {
  /** Ports that it can tell of, with port 0, which never is one. */
  int limit();

  /** An event: makes the port pending and tells the domain unless it is masked. */
  void raise(int port);

  /** The port is free now: what is pending is dropped. */
  void clear(int port);

  /** Unmasks, and tells the domain if it is pending. */
  void unmask(int port);

  /** Whether an event is pending, masked or not. */
  boolean pending(int port);

  /** Where a port's bit is, as {@code EventChannels.bit} has it; -1 if it is nowhere. @param mask whether the bit is meant that masks it, not the one of {@link #pending} */
  default long bit(int port, boolean mask) {
    return -1;
  }

  /** Whether a free port can't be given yet, as the domain hasn't taken it out of a queue. */
  boolean busy(int port);

  /** Sets the priority of events from now on. @return 0 or a negative errno */
  int priority(int port, int priority);
}
