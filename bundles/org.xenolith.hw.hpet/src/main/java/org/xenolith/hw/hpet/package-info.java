// SPDX-License-Identifier: EPL-2.0
/** The high precision event timers of the PC. */
package org.xenolith.hw.hpet;
