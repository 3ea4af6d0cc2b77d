// SPDX-License-Identifier: EPL-2.0
/** Faults of the hardware between models: of lines and windows. */
package org.xenolith.machine.faults;
