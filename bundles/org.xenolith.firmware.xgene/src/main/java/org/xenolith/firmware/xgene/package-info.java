// SPDX-License-Identifier: EPL-2.0
/** What the firmware of boards with APM X-Gene v1 has programmed when a kernel that boots by ACPI is entered. */
package org.xenolith.firmware.xgene;
