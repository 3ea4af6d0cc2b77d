// SPDX-License-Identifier: EPL-2.0
/** ACPI tables of boards beside {@code iasl} and QEMU. */
package org.xenolith.conformance.acpi;
