// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.arm.api;

import org.osgi.annotation.versioning.ConsumerType;
import org.xenolith.hyp.api.Vcpu;

/**
 * Answers trapped MRS and MSR of a guest. {@code SystemRegisterTrap.UNDEFINED} thrown is an answer, too: the guest takes the
 * exception of an UNDEFINED instruction.
 */
@ConsumerType
public interface RegisterTrap {
  /** MRS. @param id as packed by {@code SystemRegister.id} */
  long read(Vcpu vcpu, int id);

  /** MSR. */
  void write(Vcpu vcpu, int id, long value);
}
