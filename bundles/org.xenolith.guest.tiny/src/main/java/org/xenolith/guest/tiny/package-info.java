// SPDX-License-Identifier: EPL-2.0
/** A bare-metal guest of a few kilobytes that our own assembler makes: console, timer, interrupts, power-off. */
package org.xenolith.guest.tiny;
