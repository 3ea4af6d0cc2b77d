// SPDX-License-Identifier: EPL-2.0
/** The local APIC itself, whether it is a machine's device or what a hypervisor shows to a virtual CPU. */
package org.xenolith.lapic.kit;
