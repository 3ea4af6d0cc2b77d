// SPDX-License-Identifier: EPL-2.0
package org.xenolith.firmware.efi.boot;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.xenolith.efi.api.EfiStatus;
import org.xenolith.efi.boot.api.EfiError;
import org.xenolith.efi.boot.api.EfiRam;
import org.xenolith.machine.api.DmaPort;
import org.xenolith.machine.api.ExternalAbort;

/** A machine's RAM, as a guest's memory. */
final class MachineRam implements EfiRam {
  private static final int PIECE = 1 << 16;
  /** More in one piece is a mistake of the caller's. */
  private static final int MOST = 1 << 30;
  private static final byte[] ZEROS = new byte[PIECE];

  private final DmaPort ram;

  MachineRam(DmaPort ram) {
    this.ram = ram;
  }

  private static EfiError nothing(long address) {
    return new EfiError(EfiStatus.INVALID_PARAMETER, "0x" + Long.toHexString(address) + ": there is no memory");
  }

  private long get(long address, int size) {
    try {
      if ((address & size - 1) == 0) {
        return ram.read(address, size);
      }
      byte[] bytes = new byte[Long.BYTES];
      ram.read(address, bytes, 0, size);
      return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong();
    } catch (ExternalAbort e) {
      throw nothing(address);
    }
  }

  private void put(long address, int size, long value) {
    try {
      if ((address & size - 1) == 0) {
        ram.write(address, size, value);
      } else {
        ram.write(address, ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN).putLong(value).array(), 0, size);
      }
    } catch (ExternalAbort e) {
      throw nothing(address);
    }
  }

  @Override
  public byte[] read(long address, int length) {
    if (length < 0 || length > MOST) {
      throw nothing(address);
    }
    try {
      byte[] bytes = new byte[length];
      ram.read(address, bytes, 0, length);
      return bytes;
    } catch (ExternalAbort e) {
      throw nothing(address);
    }
  }

  @Override
  public void write(long address, byte[] bytes) {
    try {
      ram.write(address, bytes, 0, bytes.length);
    } catch (ExternalAbort e) {
      throw nothing(address);
    }
  }

  @Override
  public void clear(long address, long length) {
    try {
      for (long at = 0; at < length; at += PIECE) {
        ram.write(address + at, ZEROS, 0, (int) Math.min(PIECE, length - at));
      }
    } catch (ExternalAbort e) {
      throw nothing(address);
    }
  }

  @Override
  public int get8(long address) {
    return (int) get(address, 1) & 0xFF;
  }

  @Override
  public int get16(long address) {
    return (int) get(address, 2) & 0xFFFF;
  }

  @Override
  public long get32(long address) {
    return get(address, 4) & 0xFFFF_FFFFL;
  }

  @Override
  public long get64(long address) {
    return get(address, 8);
  }

  @Override
  public void put8(long address, long value) {
    put(address, 1, value);
  }

  @Override
  public void put16(long address, long value) {
    put(address, 2, value);
  }

  @Override
  public void put32(long address, long value) {
    put(address, 4, value);
  }

  @Override
  public void put64(long address, long value) {
    put(address, 8, value);
  }

  @Override
  public String text(long address, int most) {
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
