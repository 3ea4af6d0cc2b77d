// SPDX-License-Identifier: EPL-2.0
package org.xenolith.lapic.kit;

/**
 * What processor models may have or lack.
 *
 * @param x2apic              x2APIC mode
 * @param deadline            TSC-deadline mode of the timer
 * @param lowestPriorityIpis  interprocessor interrupts of the delivery mode lowest priority
 */
public record LapicFeatures(boolean x2apic, boolean deadline, boolean lowestPriorityIpis) {}
