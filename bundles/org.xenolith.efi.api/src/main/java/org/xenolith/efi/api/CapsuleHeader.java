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
  /** The capsule is for after a reset. */
  public static final int PERSIST_ACROSS_RESET = 0x1_0000;
  /** It is to be found from the system table then. */
  public static final int POPULATE_SYSTEM_TABLE = 0x2_0000;
  /** The firmware resets the machine itself. */
  public static final int INITIATE_RESET = 0x4_0000;

  /** The header whose 28 bytes are at an offset. */
  public static CapsuleHeader ofBytes(byte[] bytes, int offset) {
    ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    int rest = offset + EfiGuid.SIZE;
    return new CapsuleHeader(EfiGuid.ofBytes(bytes, offset), in.getInt(rest), in.getInt(rest + 4), in.getInt(rest + 8));
  }

  /** Whether the flags go together: the two that speak of a reset need a capsule that is kept over it (UEFI 2.10, 8.5.3). */
  public boolean isCompatible() {
    return (flags & (POPULATE_SYSTEM_TABLE | INITIATE_RESET)) == 0 || (flags & PERSIST_ACROSS_RESET) != 0;
  }
}
