// SPDX-License-Identifier: EPL-2.0
/** The local APIC itself, whether it is a machine's device or what a hypervisor shows to a virtual CPU. */
@NullMarked
package org.xenolith.lapic.kit;

import org.jspecify.annotations.NullMarked;
