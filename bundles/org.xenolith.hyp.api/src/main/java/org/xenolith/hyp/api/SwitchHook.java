// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.api;

import org.osgi.annotation.versioning.ConsumerType;
import org.xenolith.machine.api.CpuPort;

/** Moves what isn't in {@code CpuContext} when a physical CPU goes from one virtual CPU to another: list registers, timers. */
@ConsumerType
public interface SwitchHook {
  /** The virtual CPU leaves the physical one; its registers are still there. */
  void save(Vcpu vcpu, CpuPort cpu);

  /** The virtual CPU is put on the physical one; its registers are there. */
  void load(Vcpu vcpu, CpuPort cpu);

  /** A virtual CPU is back in the state after reset: it was just powered on. */
  default void reset(Vcpu vcpu) {}
}
