// SPDX-License-Identifier: EPL-2.0
/** ACPI tables out of a topology, and nodes out of tables: what makers of tables and describers of devices implement and are given. */
@NullMarked
package org.xenolith.firmware.api;

import org.jspecify.annotations.NullMarked;
