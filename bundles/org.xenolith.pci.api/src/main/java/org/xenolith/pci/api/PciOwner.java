// SPDX-License-Identifier: EPL-2.0
package org.xenolith.pci.api;

import java.util.Optional;

/**
 * Whose a function is under a hypervisor.
 *
 * @param state      in which state the hypervisor has it
 * @param domain     name of the guest that has it; empty otherwise
 * @param guestPlace where that guest sees it; empty otherwise
 */
public record PciOwner(State state, Optional<String> domain, Optional<PciAddress> guestPlace) {
  /** States of a function. */
  public enum State {
    /** The hardware domain uses it. */
    HARDWARE_DOMAIN,
    /** It is the hardware domain's and may be given to a guest. */
    ASSIGNABLE,
    /** A guest has it. */
    GUEST,
    /** A guest had it that is gone, or it could not be reset: it reaches nothing. */
    QUARANTINE
  }

  /** For people, for example {@code owner guest as 00:01.0}. */
  @Override
  public String toString() {
    return "owner " + switch (state) {
      case HARDWARE_DOMAIN -> "Dom0";
      case ASSIGNABLE -> "assignable";
      case QUARANTINE -> "quarantine";
      case GUEST -> domain.orElse("a domain that is gone") + guestPlace.map(place -> " as " + place.onBus()).orElse("");
    };
  }
}
