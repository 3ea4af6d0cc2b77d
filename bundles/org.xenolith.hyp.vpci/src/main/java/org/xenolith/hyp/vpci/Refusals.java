// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.vpci;

import org.xenolith.hyp.api.Domain;
import org.xenolith.hyp.pci.kit.Sbdf;
import org.xenolith.machine.api.EventLog;

/** What a domain tried with a function and didn't get: events. */
final class Refusals {
  private final EventLog events;

  Refusals(EventLog events) {
    this.events = events;
  }

  /** @param domain whose access it was; null if its domain is gone */
  void report(int sbdf, int register, Domain domain, String why) {
    events.report("pci-refused", domain == null ? "d?" : "d" + domain.id(),
        "%s register 0x%x: %s".formatted(Sbdf.text(sbdf), register, why));
  }

  /** The hardware domain reached for memory behind a bridge where no function decodes, or one that isn't its own. */
  void nothing(Domain domain, long address) {
    events.report("pci-refused", domain == null ? "d?" : "d" + domain.id(),
        "0x%x: no function of the domain decodes there".formatted(address));
  }
}
