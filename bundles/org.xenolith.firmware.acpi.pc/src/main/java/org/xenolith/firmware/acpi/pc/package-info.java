// SPDX-License-Identifier: EPL-2.0
/** ACPI of PCs: FADT and MADT, and where the tables are. */
package org.xenolith.firmware.acpi.pc;
