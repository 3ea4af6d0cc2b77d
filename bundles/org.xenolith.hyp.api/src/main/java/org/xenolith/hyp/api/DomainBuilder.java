// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.api;

import java.util.Optional;
import org.osgi.annotation.versioning.ConsumerType;

/** Builds domains of one kind; a subsystem claims it at {@link DomainBuildersPort}. */
@ConsumerType
public interface DomainBuilder {
  /** What it is asked for by: {@code arm.dt.domu}. No other one that is installed has it. */
  String name();

  /** What it builds, of what images, for a person who chooses: "a guest with a devicetree, from an arm64 Image". */
  String description();

  /**
   * Why it can't build that, for a person: another kind of domain, an image in another form. What is found out only while it is built
   * isn't asked for. Empty if it takes it.
   */
  Optional<String> refusal(DomainSpec spec, DomainImage image);

  /**
   * What such a domain would lack that the machine has for it, and what to do about that, for a person. It is then built only for who asks
   * for this builder by its name. Empty if nothing, and if it is refused anyway.
   */
  default Optional<String> lacks(DomainSpec spec, DomainImage image) {
    return Optional.empty();
  }

  /** Of several builders that take the same, the one with the highest rank is chosen. */
  default int rank() {
    return 0;
  }

  /**
   * Creates a domain and makes it ready to run: memory, software, description of its hardware, interrupts, entry. It is left as
   * {@link DomainState#BUILDING}; {@link Domain#unpause} starts it.
   *
   * @param id the domid wanted, or -1
   * @throws HypervisorException if it can't be built; then nothing of it is left
   */
  Domain build(int id, DomainSpec spec, DomainImage image);
}
