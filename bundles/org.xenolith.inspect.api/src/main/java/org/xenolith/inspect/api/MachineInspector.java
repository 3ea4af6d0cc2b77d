// SPDX-License-Identifier: EPL-2.0
package org.xenolith.inspect.api;

import org.osgi.annotation.versioning.ProviderType;
import org.xenolith.machine.control.Machine;

/** Looks into machines, whatever their architecture; a service. */
@ProviderType
public interface MachineInspector {
  /**
   * A machine as it can be looked into. It is to be used while the machine isn't running, or on its thread at a safe point: from an action given to {@code
   * Machine.post}, or a call of a {@code MachineWatcher}'s.
   */
  InspectedMachine of(Machine machine);
}
