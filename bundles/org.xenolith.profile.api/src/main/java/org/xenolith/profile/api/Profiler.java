// SPDX-License-Identifier: EPL-2.0
package org.xenolith.profile.api;

import org.osgi.annotation.versioning.ProviderType;
import org.xenolith.machine.control.Machine;

/** Finds out where a machine spends its time; a service. */
@ProviderType
public interface Profiler {
  /**
   * Profiles a machine from now on, in the place of an earlier profile of it. The machine must not be running. What it does stays
   * the same, to the digest.
   *
   * @throws org.xenolith.command.api.BadInput if a file with symbols can't be read; the message names it
   */
  Profile begin(Machine machine, ProfileRequest request);
}
