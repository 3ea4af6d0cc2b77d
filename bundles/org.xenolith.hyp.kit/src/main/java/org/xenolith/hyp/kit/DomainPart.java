// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.kit;

import org.jspecify.annotations.Nullable;
import org.xenolith.hyp.api.Domain;
import org.xenolith.regs.DeviceState;

/** What a subsystem has of one domain, with a state of its own that is saved and restored with the subsystem's. */
public abstract class DomainPart {
  /** {@link Domain#serial} of whose it is. */
  public final int serial;
  /** How many virtual CPUs that had when it was created. */
  public final int vcpus;
  /** What is saved of it. */
  public final DeviceState state = new DeviceState();
  private @Nullable Domain domain;

  /** Of a domain that needn't be there yet: records may be restored before the core is. */
  protected DomainPart(int serial, int vcpus) {
    this.serial = serial;
    this.vcpus = vcpus;
  }

  /** Its domain; null after a restoration, until it was seen alive. */
  public final @Nullable Domain domain() {
    return domain;
  }

  /** Its domain was seen alive. */
  final void seen(Domain alive) {
    domain = alive;
  }

  /** What else a part of a record has to be made with, as words behind a space each; empty for nothing. Part of the record's names. */
  protected String made() {
    return "";
  }

  final String name() {
    return serial + DomainParts.VCPUS + vcpus + made();
  }
}
