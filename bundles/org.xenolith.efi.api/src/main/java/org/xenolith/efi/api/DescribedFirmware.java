// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.api;

import org.osgi.annotation.versioning.ConsumerType;

/** Firmware that tells of itself: what a {@link FirmwareDescriptionPort} stands for. */
@ConsumerType
@FunctionalInterface
public interface DescribedFirmware {
  /** What it tells; the same while the machine isn't reset. Null if it has no system table to tell of. */
  FirmwareDescription description();

  /** Whoever stands for the firmware's loader has left a system table in memory: this is what it tells from now on. */
  default void describe(FirmwareDescription told) {}
}
