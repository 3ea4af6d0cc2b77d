// SPDX-License-Identifier: EPL-2.0
package org.xenolith.history.api;

import java.util.Optional;
import org.osgi.annotation.versioning.ProviderType;
import org.xenolith.machine.control.Machine;

/** Machines' pasts; a service. */
@ProviderType
public interface MachineHistories {
  /** The past of a machine; empty if it was launched without one being kept. Any thread. */
  Optional<MachineHistory> of(Machine machine);
}
