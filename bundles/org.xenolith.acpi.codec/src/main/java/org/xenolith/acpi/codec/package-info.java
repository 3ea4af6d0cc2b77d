// SPDX-License-Identifier: EPL-2.0
/**
 * ACPI tables as immutable Java values. Each table is declared once, field by field, in a class of its name
 * ({@link org.xenolith.acpi.codec.Madt}, {@link org.xenolith.acpi.codec.Iort} …); reading
 * ({@link org.xenolith.acpi.codec.AcpiTable}), building ({@link org.xenolith.acpi.codec.StructureBuilder}), checking and showing
 * follow from the declaration.
 *
 * <p>The bytes are the truth: what is not declared is kept. Specification: ACPI 6.5, and what each class names besides. Bad
 * input ends in one {@link org.xenolith.acpi.codec.AcpiException} that names table, offset and remedy, in nothing else.
 */
package org.xenolith.acpi.codec;
