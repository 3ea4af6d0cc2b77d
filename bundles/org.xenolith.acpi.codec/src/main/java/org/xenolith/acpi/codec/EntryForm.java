// SPDX-License-Identifier: EPL-2.0
package org.xenolith.acpi.codec;

/**
 * Where the structures of a table say their kind and their length. Offsets and sizes in bytes.
 *
 * @param typeOffset   of the kind
 * @param typeSize     of the kind; 0: there is one kind only
 * @param lengthOffset of the length
 * @param lengthSize   of the length
 */
public record EntryForm(int typeOffset, int typeSize, int lengthOffset, int lengthSize) {
  /** Kind in byte 0, length in byte 1: MADT, PPTT. */
  public static final EntryForm BYTE_LENGTH = new EntryForm(0, 1, 1, 1);
  /** Kind in byte 0, length in bytes 1 and 2: GTDT, IORT. */
  public static final EntryForm WORD_LENGTH = new EntryForm(0, 1, 1, 2);
  /** One kind, length in bytes 1 and 2: DBG2. */
  public static final EntryForm ONE_KIND = new EntryForm(0, 0, 1, 2);

  /** Bytes that must be there before kind and length are known. */
  public int head() {
    return Math.max(typeOffset + typeSize, lengthOffset + lengthSize);
  }
}
