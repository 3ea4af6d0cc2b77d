// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.x64.api;

import org.osgi.annotation.versioning.ConsumerType;
import org.xenolith.hyp.api.Vcpu;

/** Has a say in what CPUID tells a guest. */
@ConsumerType
public interface CpuidTrap {
  /** Changes an answer, which is the processor's own with what others have made of it, in the order of their subsystems' names. */
  void answer(Vcpu vcpu, int leaf, int subleaf, CpuidAnswer answer);
}
