// SPDX-License-Identifier: EPL-2.0
/** ACPI tables out of a topology: what a bundle that makes a table, or the description of a device, implements and is given. */
package org.xenolith.firmware.api;
