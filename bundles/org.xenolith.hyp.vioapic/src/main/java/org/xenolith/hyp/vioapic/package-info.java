// SPDX-License-Identifier: EPL-2.0
/** The machine's I/O APIC, driven, and the one that the hardware domain sees in its place. */
package org.xenolith.hyp.vioapic;
