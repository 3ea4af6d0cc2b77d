// SPDX-License-Identifier: EPL-2.0
/** ACPI tables out of a topology, and nodes out of tables: what a bundle that makes a table, or describes a device, implements and is given. */
package org.xenolith.firmware.api;
