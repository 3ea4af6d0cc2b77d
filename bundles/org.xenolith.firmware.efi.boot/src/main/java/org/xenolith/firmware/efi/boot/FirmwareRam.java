// SPDX-License-Identifier: EPL-2.0
package org.xenolith.firmware.efi.boot;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.xenolith.efi.api.EfiStatus;
import org.xenolith.efi.boot.api.EfiError;
import org.xenolith.efi.boot.api.EfiRam;

/** Numbers and texts of a guest's memory, by what copies bytes. */
abstract class FirmwareRam implements EfiRam {
  /** More in one piece is a mistake of the caller's. */
  private static final int MOST = 1 << 30;
  private static final int PIECE = 1 << 16;
  private static final byte[] ZEROS = new byte[PIECE];

  /** What is being copied: a kernel of 30 MiB would fill the heap with pieces. */
  private final byte[] copied = new byte[PIECE];

  /** Copies out. @return false if some of it isn't memory */
  abstract boolean read(long address, byte[] to, int length);

  /** Copies in. @return false if some of it isn't memory */
  abstract boolean write(long address, byte[] from, int length);

  static EfiError nothing(long address) {
    return new EfiError(EfiStatus.INVALID_PARAMETER, "0x" + Long.toHexString(address) + ": there is no memory");
  }

  /** A number without sign. @param size 1, 2, 4 or 8 bytes */
  long get(long address, int size) {
    byte[] bytes = new byte[Long.BYTES];
    if (!read(address, bytes, size)) {
      throw nothing(address);
    }
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong();
  }

  /** Writes a number. @param size 1, 2, 4 or 8 bytes */
  void put(long address, int size, long value) {
    if (!write(address, ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN).putLong(value).array(), size)) {
      throw nothing(address);
    }
  }

  @Override
  public final byte[] read(long address, int length) {
    byte[] bytes = new byte[length < 0 || length > MOST ? 0 : length];
    if (bytes.length != length || !read(address, bytes, length)) {
      throw nothing(address);
    }
    return bytes;
  }

  @Override
  public final void write(long address, byte[] bytes) {
    if (!write(address, bytes, bytes.length)) {
      throw nothing(address);
    }
  }

  @Override
  public final void clear(long address, long length) {
    for (long at = 0; at < length; at += PIECE) {
      if (!write(address + at, ZEROS, (int) Math.min(PIECE, length - at))) {
        throw nothing(address + at);
      }
    }
  }

  @Override
  public final void copy(long to, long from, long length) {
    for (long at = 0; at < length; at += PIECE) {
      int piece = (int) Math.min(PIECE, length - at);
      if (!read(from + at, copied, piece)) {
        throw nothing(from + at);
      } else if (!write(to + at, copied, piece)) {
        throw nothing(to + at);
      }
    }
  }

  @Override
  public final int get8(long address) {
    return (int) get(address, 1) & 0xFF;
  }

  @Override
  public final int get16(long address) {
    return (int) get(address, 2) & 0xFFFF;
  }

  @Override
  public final long get32(long address) {
    return get(address, 4) & 0xFFFF_FFFFL;
  }

  @Override
  public final long get64(long address) {
    return get(address, 8);
  }

  @Override
  public final void put8(long address, long value) {
    put(address, 1, value);
  }

  @Override
  public final void put16(long address, long value) {
    put(address, 2, value);
  }

  @Override
  public final void put32(long address, long value) {
    put(address, 4, value);
  }

  @Override
  public final void put64(long address, long value) {
    put(address, 8, value);
  }

  @Override
  public final String text(long address, int most) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i <= most; i++) {
      char next = (char) get16(address + 2L * i);
      if (next == 0) {
        return text.toString();
      }
      text.append(next);
    }
    throw new EfiError(EfiStatus.INVALID_PARAMETER, "0x" + Long.toHexString(address) + ": no end in " + most + " characters");
  }
}
