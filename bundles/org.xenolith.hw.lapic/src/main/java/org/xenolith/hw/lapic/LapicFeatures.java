// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.lapic;

import org.xenolith.machine.api.DeviceOptions;

/**
 * What processor models may have or lack.
 *
 * @param x2apic              x2APIC mode
 * @param deadline            TSC-deadline mode of the timer
 * @param lowestPriorityIpis  interprocessor interrupts of the delivery mode lowest priority
 */
record LapicFeatures(boolean x2apic, boolean deadline, boolean lowestPriorityIpis) {
  static LapicFeatures of(DeviceOptions options) {
    return new LapicFeatures(options.flag("x2apic"), options.flag("tsc-deadline"), options.flag("lowest-priority-ipis"));
  }
}
