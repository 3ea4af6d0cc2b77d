// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.x64.api;

import org.osgi.annotation.versioning.ConsumerType;
import org.xenolith.hyp.api.Domain;
import org.xenolith.hyp.api.Vcpu;

/** Local interrupt controllers of virtual CPUs, as Intel SDM volume 3, chapter 12 has them. A change of what is pending is told by {@link X64Vcpu#interruptsChanged}. */
@ConsumerType
public interface GuestInterrupts {
  /** Whether a domain's virtual CPUs have one. */
  boolean has(Domain domain);

  /** Whether an interrupt waits whose priority is above the virtual CPU's. */
  boolean pending(Vcpu vcpu);

  /** The virtual CPU takes it. @return its vector, or -1 if none waits any more */
  int acknowledge(Vcpu vcpu);

  /** CR8: 0 to 15. */
  int taskPriority(Vcpu vcpu);

  /** MOV to CR8. */
  void taskPriority(Vcpu vcpu, int priority);

  /** Requests an edge-triggered interrupt, as a message does. @param vector 16 to 255 */
  void raise(Vcpu vcpu, int vector);

  /**
   * A message for the domain's local interrupt controllers, as bus masters and I/O APICs write them (Intel SDM volume 3, 12.11).
   *
   * @param address from 0xFEE0_0000 to 0xFEEF_FFFF: who is meant
   * @param data    vector, kind of delivery, trigger
   * @return whether somebody is meant and took it
   */
  default boolean message(Domain domain, long address, int data) {
    return false;
  }
}
