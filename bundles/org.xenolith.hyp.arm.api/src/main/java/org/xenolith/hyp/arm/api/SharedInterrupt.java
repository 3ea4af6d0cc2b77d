// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.arm.api;

import org.osgi.annotation.versioning.ConsumerType;
import org.xenolith.machine.api.CpuPort;

/** Serves the hypervisor's part of a physical interrupt that a domain has as its own: several sources drive one level. */
@FunctionalInterface
@ConsumerType
public interface SharedInterrupt {
  /**
   * It was acknowledged on a CPU.
   *
   * @return whether no other source drives it now: then it is ended, and the domain doesn't hear of it
   */
  boolean interrupt(CpuPort cpu, int intid);
}
