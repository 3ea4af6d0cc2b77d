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

  /**
   * Firmware that starts images says whether it verifies them by {@code db} and {@code dbx} from now on. If it does, and there is a platform key,
   * {@code SecureBoot} reads 1 (UEFI 2.10, 3.3). Lasts until the machine is reset.
   */
  default void verifiesImages(boolean verifies) {}
}
