// SPDX-License-Identifier: EPL-2.0
/** ACPI tables out of a topology: what puts them together, and what their makers share. */
@NullMarked
package org.xenolith.firmware.kit;

import org.jspecify.annotations.NullMarked;
