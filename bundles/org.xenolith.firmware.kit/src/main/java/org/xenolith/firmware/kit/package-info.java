// SPDX-License-Identifier: EPL-2.0
/** ACPI tables out of a topology: what puts them together, and what their makers share. */
package org.xenolith.firmware.kit;
