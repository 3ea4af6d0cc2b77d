// SPDX-License-Identifier: EPL-2.0
/** Builds the hardware domain from the ACPI tables that the machine's firmware left in memory. */
package org.xenolith.hyp.build.arm.acpi;
