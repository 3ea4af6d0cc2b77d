// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.boot.api;

import java.util.List;

/**
 * A controller in the device tree of firmware, as the UEFI Shell's {@code devtree} has it.
 *
 * @param controller the controller
 * @param below      what bus drivers made of it
 */
public record ControllerBranch(HandleFacts controller, List<ControllerBranch> below) {
  /** Copies the list. */
  public ControllerBranch {
    below = List.copyOf(below);
  }
}
