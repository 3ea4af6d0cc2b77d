// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.api;

import org.osgi.annotation.versioning.ConsumerType;

/** The variables of a machine: what a {@link VariablesPort} stands for. */
@ConsumerType
public interface VariableStore extends VariableServices {
  /**
   * Boot services are over: what has no runtime access isn't to be seen any more, and only non-volatile variables can be changed. Lasts
   * until the machine is reset; a second call does nothing.
   */
  void exitBootServices();
}
