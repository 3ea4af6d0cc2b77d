// SPDX-License-Identifier: EPL-2.0
/** The real-time clock of the PC, with its memory on a battery. */
package org.xenolith.hw.cmos.rtc;
