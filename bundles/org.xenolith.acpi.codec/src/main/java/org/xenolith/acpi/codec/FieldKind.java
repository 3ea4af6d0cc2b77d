// SPDX-License-Identifier: EPL-2.0
package org.xenolith.acpi.codec;

/** What the bytes of a field are. */
public enum FieldKind {
  /** An unsigned little-endian number of 1, 2, 4 or 8 bytes. */
  NUMBER,
  /** A Generic Address Structure of 12 bytes, {@link GenericAddress}. */
  ADDRESS,
  /** ASCII, filled up with blanks or zeros. */
  TEXT,
  /** Bytes without an inner form, a GUID for instance. */
  BYTES,
  /** Must be zero. */
  RESERVED
}
