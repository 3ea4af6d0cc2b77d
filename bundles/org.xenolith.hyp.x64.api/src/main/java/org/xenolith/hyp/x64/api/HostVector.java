// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.x64.api;

import org.osgi.annotation.versioning.ConsumerType;
import org.xenolith.machine.api.CpuPort;

/** Serves an interrupt vector of the machine's CPUs for the hypervisor. */
@FunctionalInterface
@ConsumerType
public interface HostVector {
  /** A CPU took an interrupt of that vector; when this returns it is ended. A level must be gone or masked by then, or it comes again. */
  void interrupt(CpuPort cpu, int vector);
}
