// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.x64.api;

import org.osgi.annotation.versioning.ConsumerType;
import org.xenolith.hyp.api.Domain;

/** Hears of ends of level-triggered interrupts of virtual CPUs: what an EOI broadcast tells I/O APICs (Intel SDM volume 3, 12.8.5). */
@FunctionalInterface
@ConsumerType
public interface InterruptEnd {
  /** A virtual CPU of the domain has handled a level-triggered interrupt of that vector. */
  void ended(Domain domain, int vector);
}
