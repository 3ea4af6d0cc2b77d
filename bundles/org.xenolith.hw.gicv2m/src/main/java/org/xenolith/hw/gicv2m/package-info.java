// SPDX-License-Identifier: EPL-2.0
/** GICv2m: a frame of message-signalled interrupts for a GIC without an ITS. */
package org.xenolith.hw.gicv2m;
