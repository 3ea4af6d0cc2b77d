// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.api;

import org.osgi.annotation.versioning.ConsumerType;

/** Hears of domains. A subsystem that comes later finds the present ones in {@link Domains#all}. */
@ConsumerType
public interface DomainListener {
  /** A domain was created: nothing is mapped yet. */
  default void created(Domain domain) {}

  /** It is built and may run for the first time: its parameters, memory and entry are there. */
  default void started(Domain domain) {}

  /**
   * Another version of the core took over: this object stands for the domain of its serial from now on, and those that it gives
   * for its virtual CPUs. Whoever keeps such objects takes these, for the old ones do nothing any more.
   */
  default void renewed(Domain domain) {}

  /**
   * The vcpu_info of one of its virtual CPUs is elsewhere now, with what was in it; {@link Vcpu#info} is 0 if it has none any more.
   */
  default void moved(Vcpu vcpu) {}

  /** What it shares with the hypervisor is laid out otherwise from now on: {@link Domain#sharedLayout} gives another answer. */
  default void laidOut(Domain domain) {}

  /** It shut down, for {@link Domain#shutdownReason}. */
  default void shutdown(Domain domain) {}

  /** It is being destroyed: everything that belongs to it must go now. Its memory is freed afterwards. */
  default void destroyed(Domain domain) {}
}
