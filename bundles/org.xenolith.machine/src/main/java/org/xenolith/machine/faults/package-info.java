// SPDX-License-Identifier: EPL-2.0
/** Faults of the hardware between models: of lines, windows, clocks and links. */
package org.xenolith.machine.faults;
