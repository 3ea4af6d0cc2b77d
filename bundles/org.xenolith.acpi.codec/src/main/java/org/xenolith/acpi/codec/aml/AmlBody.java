// SPDX-License-Identifier: EPL-2.0
package org.xenolith.acpi.codec.aml;

/** What is behind the operands of an operator with a package length (ACPI 6.5, 20.2.4). */
enum AmlBody {
  /** There is no package length. */
  NONE,
  /** Terms. */
  TERMS,
  /** Bytes: of a buffer, or of a method. */
  BYTES,
  /** Elements of a package: values and names. */
  ELEMENTS,
  /** Fields of a region. */
  FIELDS
}
