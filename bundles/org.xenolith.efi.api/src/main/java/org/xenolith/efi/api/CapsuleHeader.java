// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.api;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * EFI_CAPSULE_HEADER (UEFI 2.10, 8.5.3.1).
 *
 * @param kind       what the capsule is for
 * @param headerSize bytes of the header, with what a kind adds to it; unsigned
 * @param flags      CAPSULE_FLAGS_*; the low 16 bits mean what the kind says
 * @param imageSize  bytes of the whole capsule; unsigned
 */
public record CapsuleHeader(EfiGuid kind, int headerSize, int flags, int imageSize) {
  /** Bytes in memory. */
  public static final int SIZE = 28;

  /** The header whose 28 bytes are at an offset. */
  public static CapsuleHeader ofBytes(byte[] bytes, int offset) {
    ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    int rest = offset + EfiGuid.SIZE;
    return new CapsuleHeader(EfiGuid.ofBytes(bytes, offset), in.getInt(rest), in.getInt(rest + 4), in.getInt(rest + 8));
  }
}
