// SPDX-License-Identifier: EPL-2.0
package org.xenolith.acpi.codec.aml;

/** What an operator is followed by (ACPI 6.5, 20.2.5). */
enum AmlOperand {
  /** A name string. */
  NAME,
  /** A term that gives a value. */
  TERM,
  /** A place for a value: a name, a local, an argument, a reference; or none. */
  TARGET,
  /** A byte. */
  BYTE,
  /** Two bytes. */
  WORD,
  /** Four bytes. */
  DWORD
}
