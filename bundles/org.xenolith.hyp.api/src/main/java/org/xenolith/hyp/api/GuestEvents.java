// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.api;

import org.osgi.annotation.versioning.ConsumerType;

/**
 * How a virtual CPU is told that there is something for it, whatever tells it on machines of its architecture: an interrupt of the virtual
 * interrupt controller, or an upcall.
 */
@ConsumerType
public interface GuestEvents {
  /** The interrupt that tells a virtual CPU of its event channels becomes pending. Wakes it, if it would take that now. */
  void raise(Vcpu vcpu);

  /** Whether an interrupt that the virtual CPU would take now, of whatever kind, waits for it. */
  boolean deliverable(Vcpu vcpu);
}
