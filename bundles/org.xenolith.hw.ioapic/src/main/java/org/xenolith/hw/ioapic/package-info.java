// SPDX-License-Identifier: EPL-2.0
/** The I/O APIC: interrupt lines of devices become messages to local APICs. */
package org.xenolith.hw.ioapic;
