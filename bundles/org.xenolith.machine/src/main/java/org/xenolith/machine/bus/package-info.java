// SPDX-License-Identifier: EPL-2.0
/** What answers where: RAM, windows that models claimed, who accesses them, and the wires between devices and interrupt controllers. */
package org.xenolith.machine.bus;
