// SPDX-License-Identifier: EPL-2.0
/** The fixed hardware of ACPI: events, sleep, timer and reset register. */
package org.xenolith.hw.acpi.pm;
