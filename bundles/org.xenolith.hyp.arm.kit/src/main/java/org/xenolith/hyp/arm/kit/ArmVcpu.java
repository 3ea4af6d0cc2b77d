// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.arm.kit;

import org.osgi.annotation.versioning.ProviderType;
import org.xenolith.a64.arch.Cpu;
import org.xenolith.a64.arch.CpuContext;
import org.xenolith.hyp.api.Vcpu;

/** A virtual CPU of Arm's architecture, as each is on a machine with such CPUs. */
@ProviderType
public interface ArmVcpu extends Vcpu {
  /** Its registers while it isn't {@link #loaded}. */
  CpuContext context();

  @Override
  Cpu loaded();

  /** That virtual CPU as one of Arm's. */
  static ArmVcpu of(Vcpu vcpu) {
    return (ArmVcpu) vcpu;
  }

  /** The physical CPU whose registers are the virtual CPU's now; null if none. */
  static Cpu cpu(Vcpu vcpu) {
    return ((ArmVcpu) vcpu).loaded();
  }
}
