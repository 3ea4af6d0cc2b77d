// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.api;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.UUID;

/**
 * EFI_GUID. In memory its first three parts are little-endian numbers of 32, 16 and 16 bits and the other 8 bytes are as they are written
 * (UEFI 2.10, appendix A).
 *
 * @param value the same as a UUID, so that both have the same text
 */
public record EfiGuid(UUID value) {
  /** Bytes in memory. */
  public static final int SIZE = 16;
  /** Variables that the specification itself names, such as BootOrder and PK (UEFI 2.10, 3.3: EFI_GLOBAL_VARIABLE). */
  public static final EfiGuid GLOBAL_VARIABLE = of("8be4df61-93ca-11d2-aa0d-00e098032b8c");
  /** The databases of Secure Boot: db, dbx, dbt, dbr (UEFI 2.10, 32.6.1: EFI_IMAGE_SECURITY_DATABASE_GUID). */
  public static final EfiGuid IMAGE_SECURITY_DATABASE = of("d719b2cb-3d3a-4596-a3bc-dad00e67656f");
  /** Hardware error records (UEFI 2.10, 8.2.4.2: EFI_HARDWARE_ERROR_VARIABLE). */
  public static final EfiGuid HARDWARE_ERROR_VARIABLE = of("414e6bdd-e47b-47cc-b244-bb61020cf516");

  /**
   * The GUID of a text such as {@code 8be4df61-93ca-11d2-aa0d-00e098032b8c}.
   *
   * @throws IllegalArgumentException if it isn't one
   */
  public static EfiGuid of(String text) {
    try {
      UUID value = UUID.fromString(text);
      if (value.toString().equalsIgnoreCase(text)) { // or a part is shorter than it has to be
        return new EfiGuid(value);
      }
    } catch (IllegalArgumentException e) {
      // said below
    }
    throw new IllegalArgumentException("GUID: expected 8-4-4-4-12 hexadecimal digits, got '" + text + "'");
  }

  /** The GUID whose 16 bytes are at an offset. */
  public static EfiGuid ofBytes(byte[] bytes, int offset) {
    ByteBuffer in = ByteBuffer.wrap(bytes, offset, SIZE).order(ByteOrder.LITTLE_ENDIAN);
    long high = Integer.toUnsignedLong(in.getInt()) << 32 | Short.toUnsignedLong(in.getShort()) << 16 | Short.toUnsignedLong(in.getShort());
    return new EfiGuid(new UUID(high, in.order(ByteOrder.BIG_ENDIAN).getLong()));
  }

  /** The 16 bytes in memory. */
  public byte[] toBytes() {
    long high = value.getMostSignificantBits();
    return ByteBuffer.allocate(SIZE).order(ByteOrder.LITTLE_ENDIAN).putInt((int) (high >>> 32)).putShort((short) (high >>> 16))
        .putShort((short) high).order(ByteOrder.BIG_ENDIAN).putLong(value.getLeastSignificantBits()).array();
  }

  // What the JVM makes of a record for these two, it makes when they are called first, which takes longer than all that a start calls.

  @Override
  public final boolean equals(Object other) {
    return other instanceof EfiGuid guid && value.equals(guid.value);
  }

  @Override
  public final int hashCode() {
    return value.hashCode();
  }

  @Override
  public String toString() {
    return value.toString();
  }
}
