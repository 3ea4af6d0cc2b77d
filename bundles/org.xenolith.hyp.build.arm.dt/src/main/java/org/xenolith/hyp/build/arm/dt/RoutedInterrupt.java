// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.build.arm.dt;

/**
 * A shared interrupt of a device that goes to the domain.
 *
 * @param intid number as the GIC counts, 32 for the first shared one
 * @param edge  true if a rising edge asserts it, false if a high level does
 */
record RoutedInterrupt(int intid, boolean edge) {}
