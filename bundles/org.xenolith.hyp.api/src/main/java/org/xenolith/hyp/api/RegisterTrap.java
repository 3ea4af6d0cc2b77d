package org.xenolith.hyp.api;

import org.osgi.annotation.versioning.ConsumerType;

/** Answers trapped MRS and MSR of a guest. */
@ConsumerType
public interface RegisterTrap {
  /** MRS. @param id as packed by {@code SystemRegister.id} */
  long read(Vcpu vcpu, int id);

  /** MSR. */
  void write(Vcpu vcpu, int id, long value);
}
