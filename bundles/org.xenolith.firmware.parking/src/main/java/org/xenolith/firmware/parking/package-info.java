// SPDX-License-Identifier: EPL-2.0
/** The ACPI parking protocol: how boards without PSCI hold secondary CPUs until a kernel that boots by ACPI wants them. */
package org.xenolith.firmware.parking;
