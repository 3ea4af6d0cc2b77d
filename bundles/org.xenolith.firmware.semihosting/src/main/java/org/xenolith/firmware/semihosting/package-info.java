// SPDX-License-Identifier: EPL-2.0
/** Semihosting: what software on an Arm CPU asks of a debugger's host, of which there is the end of the run. */
package org.xenolith.firmware.semihosting;
