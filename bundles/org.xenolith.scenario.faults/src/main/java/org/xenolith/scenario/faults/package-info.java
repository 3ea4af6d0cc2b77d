// SPDX-License-Identifier: EPL-2.0
/** Faults of the hardware that scenarios inject. */
package org.xenolith.scenario.faults;
