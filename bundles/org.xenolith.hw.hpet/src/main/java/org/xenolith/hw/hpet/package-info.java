// SPDX-License-Identifier: EPL-2.0
/** The high precision event timers of PCs. */
package org.xenolith.hw.hpet;
