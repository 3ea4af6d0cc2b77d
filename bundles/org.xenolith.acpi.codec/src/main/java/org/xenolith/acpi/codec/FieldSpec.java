// SPDX-License-Identifier: EPL-2.0
package org.xenolith.acpi.codec;

/**
 * What the declaration of a structure says of one field.
 *
 * @param offset byte offset from the start of the structure
 * @param size   in bytes
 * @param kind   what its bytes are
 */
public record FieldSpec(int offset, int size, FieldKind kind) {
  /** Checks that kind and size fit each other. */
  public FieldSpec {
    boolean fits = switch (kind) {
      case NUMBER -> size == 1 || size == 2 || size == 4 || size == 8;
      case ADDRESS -> size == GenericAddress.SIZE;
      default -> size > 0;
    };
    if (offset < 0 || !fits) {
      throw new IllegalArgumentException("a field of kind " + kind + " can't be " + size + " bytes at " + offset);
    }
  }

  /** An unsigned number of {@code size} bytes: 1, 2, 4 or 8. */
  public static FieldSpec number(int offset, int size) {
    return new FieldSpec(offset, size, FieldKind.NUMBER);
  }

  /** A Generic Address Structure. */
  public static FieldSpec address(int offset) {
    return new FieldSpec(offset, GenericAddress.SIZE, FieldKind.ADDRESS);
  }

  /** ASCII of {@code size} bytes. */
  public static FieldSpec text(int offset, int size) {
    return new FieldSpec(offset, size, FieldKind.TEXT);
  }

  /** Bytes without an inner form. */
  public static FieldSpec bytes(int offset, int size) {
    return new FieldSpec(offset, size, FieldKind.BYTES);
  }

  /** Bytes that must be zero. */
  public static FieldSpec reserved(int offset, int size) {
    return new FieldSpec(offset, size, FieldKind.RESERVED);
  }

  /** The offset behind the field. */
  public int end() {
    return offset + size;
  }
}
