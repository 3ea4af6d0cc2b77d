// SPDX-License-Identifier: EPL-2.0
/** Virtual time, its alarms, and the pace at which it jumps. */
package org.xenolith.machine.time;
