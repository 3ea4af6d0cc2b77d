// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.build.arm.acpi;

import org.xenolith.hyp.api.DeviceMapping;

/** When the hardware domain gets windows of devices into its stage 2. What it may have is a matter of its permissions, whatever this is. */
enum DeviceMappingPolicy {
  /** All that {@code _CRS} and MCFG name when it is built, and what it asks for; an access elsewhere is an abort. */
  PREFAULT(DeviceMapping.REQUEST),
  /** What it asks for, as Linux does for each device on its buses; else at the first access. Xen's way. */
  BATCH(DeviceMapping.REQUEST_OR_ACCESS),
  /** At the first access only. */
  TRAP(DeviceMapping.ACCESS);

  private final DeviceMapping later;

  DeviceMappingPolicy(DeviceMapping later) {
    this.later = later;
  }

  /** What happens once the domain runs. */
  DeviceMapping later() {
    return later;
  }
}
