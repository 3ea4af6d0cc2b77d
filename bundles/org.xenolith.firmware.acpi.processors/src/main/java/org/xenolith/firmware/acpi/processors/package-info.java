// SPDX-License-Identifier: EPL-2.0
/** ACPI tables of processors, interrupt controllers and timers: FADT, MADT, GTDT, PPTT. */
package org.xenolith.firmware.acpi.processors;
