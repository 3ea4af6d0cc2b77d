// SPDX-License-Identifier: EPL-2.0
/** ACPI tables of the console: SPCR, DBG2. */
package org.xenolith.firmware.acpi.console;
