// SPDX-License-Identifier: EPL-2.0
/** The real-time clock of PCs with its battery-backed RAM. */
package org.xenolith.hw.cmos.rtc;
