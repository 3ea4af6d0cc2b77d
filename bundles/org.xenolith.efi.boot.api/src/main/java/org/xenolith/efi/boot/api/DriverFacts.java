// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.boot.api;

import java.util.List;

/**
 * What is known of a driver.
 *
 * @param handle      of its binding
 * @param name        by EFI_COMPONENT_NAME2_PROTOCOL; the handle's number for one without
 * @param version     of its binding (UEFI 2.10, 11.1)
 * @param layer       the layer that it is; empty for one of a guest's
 * @param controllers handles of what it manages
 */
public record DriverFacts(long handle, String name, long version, String layer, List<Long> controllers) {
  /** Copies the list. */
  public DriverFacts {
    controllers = List.copyOf(controllers);
  }
}
