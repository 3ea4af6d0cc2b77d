// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.boot.api;

import org.osgi.annotation.versioning.ProviderType;
import org.xenolith.efi.api.EfiGuid;

/** A guest's memory; numbers are little-endian and may lie anywhere. An address where there is none throws {@link EfiError} INVALID_PARAMETER. */
@ProviderType
public interface EfiRam {
  /** Bytes of a piece of {@link #copy}. */
  int COPIED_AT_ONCE = 1 << 16;

  /** Copies out. */
  byte[] read(long address, int length);

  /** Copies in. */
  void write(long address, byte[] bytes);

  /** Writes so many zeros. */
  void clear(long address, long length);

  /**
   * Copies so many bytes of it to somewhere else in it, first to last: places that overlap are the caller's business.
   *
   * @param to where they go; nothing says how far it was written when this throws
   */
  default void copy(long to, long from, long length) {
    for (long at = 0; at < length; at += COPIED_AT_ONCE) {
      write(to + at, read(from + at, (int) Math.min(COPIED_AT_ONCE, length - at)));
    }
  }

  /** 8 bits, without sign. */
  int get8(long address);

  /** 16 bits, without sign. */
  int get16(long address);

  /** 32 bits, without sign. */
  long get32(long address);

  /** 64 bits. */
  long get64(long address);

  /** Writes 8 bits. */
  void put8(long address, long value);

  /** Writes 16 bits. */
  void put16(long address, long value);

  /** Writes 32 bits. */
  void put32(long address, long value);

  /** Writes 64 bits. */
  void put64(long address, long value);

  /** A GUID. */
  default EfiGuid guid(long address) {
    return EfiGuid.ofBytes(read(address, EfiGuid.SIZE), 0);
  }

  /**
   * A text of 16-bit characters up to its NUL.
   *
   * @param most characters that it may have
   * @throws EfiError INVALID_PARAMETER without a NUL in so many
   */
  String text(long address, int most);
}
