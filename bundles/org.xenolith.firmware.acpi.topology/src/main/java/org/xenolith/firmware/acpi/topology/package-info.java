// SPDX-License-Identifier: EPL-2.0
/** From a topology to its ACPI tables, and from somebody's tables to a topology. */
package org.xenolith.firmware.acpi.topology;
