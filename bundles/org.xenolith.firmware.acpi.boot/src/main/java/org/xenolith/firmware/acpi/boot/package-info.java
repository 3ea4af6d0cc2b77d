// SPDX-License-Identifier: EPL-2.0
/** What a board's firmware leaves for a kernel that boots by ACPI. */
package org.xenolith.firmware.acpi.boot;
