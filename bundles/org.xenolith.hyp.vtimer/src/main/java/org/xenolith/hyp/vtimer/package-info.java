// SPDX-License-Identifier: EPL-2.0
/** Timers of virtual CPUs: the hardware's virtual timer while one is loaded, an alarm while it isn't. Source: Arm ARM D11. */
package org.xenolith.hyp.vtimer;
