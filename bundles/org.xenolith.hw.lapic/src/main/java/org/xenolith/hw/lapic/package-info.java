// SPDX-License-Identifier: EPL-2.0
/** Local APICs of x86-64 processors: xAPIC and x2APIC, with their timers, and where interrupt messages arrive. */
package org.xenolith.hw.lapic;
