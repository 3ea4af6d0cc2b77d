// SPDX-License-Identifier: EPL-2.0
/** ACPI tables of any machine, shown, checked and compared. */
package org.xenolith.acpi.tool;
