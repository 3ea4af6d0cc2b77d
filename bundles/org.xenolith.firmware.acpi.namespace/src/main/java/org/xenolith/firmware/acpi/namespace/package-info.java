// SPDX-License-Identifier: EPL-2.0
/** The namespace of ACPI: DSDT. */
package org.xenolith.firmware.acpi.namespace;
