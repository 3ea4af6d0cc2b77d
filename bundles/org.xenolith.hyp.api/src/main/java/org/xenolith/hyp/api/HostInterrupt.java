// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.api;

import org.osgi.annotation.versioning.ConsumerType;
import org.xenolith.machine.api.CpuPort;

/** Serves a physical interrupt for the hypervisor itself. */
@FunctionalInterface
@ConsumerType
public interface HostInterrupt {
  /** It was acknowledged on a CPU; when this returns it is ended and deactivated. A level must be gone by then. */
  void interrupt(CpuPort cpu, int intid);
}
