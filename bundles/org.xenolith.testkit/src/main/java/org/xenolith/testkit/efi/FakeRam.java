// SPDX-License-Identifier: EPL-2.0
package org.xenolith.testkit.efi;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.xenolith.efi.api.EfiStatus;
import org.xenolith.efi.boot.api.EfiError;
import org.xenolith.efi.boot.api.EfiRam;

/** A guest's memory in an array. */
public final class FakeRam implements EfiRam {
  /** Address of the first byte. */
  public static final long BASE = 0x4000_0000L;
  /** Bytes that there are. */
  public static final int SIZE = 32 << 20;

  private final ByteBuffer bytes = ByteBuffer.allocate(SIZE).order(ByteOrder.LITTLE_ENDIAN);

  private int at(long address, long length) {
    if (address < BASE || length < 0 || length > SIZE || address - BASE > SIZE - length) {
      throw new EfiError(EfiStatus.INVALID_PARAMETER, "0x" + Long.toHexString(address) + ": there is no memory");
    }
    return (int) (address - BASE);
  }

  @Override
  public byte[] read(long address, int length) {
    byte[] out = new byte[length];
    bytes.get(at(address, length), out);
    return out;
  }

  @Override
  public void write(long address, byte[] from) {
    bytes.put(at(address, from.length), from);
  }

  @Override
  public void clear(long address, long length) {
    write(address, new byte[(int) length]);
  }

  @Override
  public int get8(long address) {
    return bytes.get(at(address, 1)) & 0xFF;
  }

  @Override
  public int get16(long address) {
    return bytes.getShort(at(address, 2)) & 0xFFFF;
  }

  @Override
  public long get32(long address) {
    return bytes.getInt(at(address, 4)) & 0xFFFF_FFFFL;
  }

  @Override
  public long get64(long address) {
    return bytes.getLong(at(address, 8));
  }

  @Override
  public void put8(long address, long value) {
    bytes.put(at(address, 1), (byte) value);
  }

  @Override
  public void put16(long address, long value) {
    bytes.putShort(at(address, 2), (short) value);
  }

  @Override
  public void put32(long address, long value) {
    bytes.putInt(at(address, 4), (int) value);
  }

  @Override
  public void put64(long address, long value) {
    bytes.putLong(at(address, 8), value);
  }

  @Override
  public String text(long address, int most) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i <= most; i++) {
      if (get16(address + 2L * i) == 0) {
        return text.toString();
      }
      text.append((char) get16(address + 2L * i));
    }
    throw new EfiError(EfiStatus.INVALID_PARAMETER, "no end in " + most + " characters");
  }
}
