// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.api;

import org.osgi.annotation.versioning.ConsumerType;

/** Builds domains of one kind; claimed at {@link DomainBuilders}. */
@ConsumerType
public interface DomainBuilder {
  /**
   * Creates a domain and makes it ready to run: memory, software, device tree, interrupts, entry. It is left as
   * {@link DomainState#BUILDING}; {@link Domain#unpause} starts it.
   *
   * @param id the domid wanted, or -1
   * @throws HypervisorException if it can't be built; then nothing of it is left
   */
  Domain build(int id, DomainSpec spec, DomainImage image);
}
