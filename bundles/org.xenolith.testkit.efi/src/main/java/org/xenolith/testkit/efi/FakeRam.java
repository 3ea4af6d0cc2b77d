// SPDX-License-Identifier: EPL-2.0
package org.xenolith.testkit.efi;

import java.util.Arrays;
import org.xenolith.efi.api.EfiStatus;
import org.xenolith.efi.boot.api.EfiError;
import org.xenolith.efi.boot.api.EfiRam;

/** A guest's memory, zeros at first. What nobody writes takes none of the host's: tests make thousands of these. */
public final class FakeRam implements EfiRam {
  /** Address of the first byte. */
  public static final long BASE = 0x4000_0000L;
  /** Bytes that there are. */
  public static final int SIZE = 32 << 20;
  private static final int CHUNK = 1 << 16;

  private final byte[][] chunks = new byte[SIZE / CHUNK][];
  private long gap;
  private long gapLength;

  private int at(long address, long length) {
    boolean inside = address >= BASE && length >= 0 && length <= SIZE && address - BASE <= SIZE - length;
    if (!inside || length > 0 && address < gap + gapLength && address + length > gap) {
      throw new EfiError(EfiStatus.INVALID_PARAMETER, "0x" + Long.toHexString(address) + ": there is no memory");
    }
    return (int) (address - BASE);
  }

  /** Makes a range no memory any more, the only one. */
  void gap(long address, long length) {
    if (gapLength != 0) {
      throw new IllegalStateException("there is a gap at 0x" + Long.toHexString(gap));
    }
    at(address, length);
    gap = address;
    gapLength = length;
  }

  /** Throws as each access does, unless all of a range is memory. */
  void require(long address, long length) {
    if (length != 0) {
      at(address, length);
    }
  }

  /** The chunk of a place, which is there from now on. */
  private byte[] chunk(int at) {
    int number = at / CHUNK;
    if (chunks[number] == null) {
      chunks[number] = new byte[CHUNK];
    }
    return chunks[number];
  }

  private long get(long address, int size) {
    int at = at(address, size);
    long value = 0;
    for (int i = at + size - 1; i >= at; i--) {
      byte[] chunk = chunks[i / CHUNK];
      value = value << 8 | (chunk == null ? 0 : chunk[i % CHUNK] & 0xFF);
    }
    return value;
  }

  private void put(long address, int size, long value) {
    int at = at(address, size);
    for (int i = 0; i < size; i++) {
      chunk(at + i)[(at + i) % CHUNK] = (byte) (value >>> 8 * i);
    }
  }

  @Override
  public byte[] read(long address, int length) {
    byte[] out = new byte[length];
    int at = at(address, length);
    for (int done = 0; done < length;) {
      int now = Math.min(length - done, CHUNK - (at + done) % CHUNK);
      byte[] chunk = chunks[(at + done) / CHUNK];
      if (chunk != null) {
        System.arraycopy(chunk, (at + done) % CHUNK, out, done, now);
      }
      done += now;
    }
    return out;
  }

  @Override
  public void write(long address, byte[] from) {
    int at = at(address, from.length);
    for (int done = 0; done < from.length;) {
      int now = Math.min(from.length - done, CHUNK - (at + done) % CHUNK);
      System.arraycopy(from, done, chunk(at + done), (at + done) % CHUNK, now);
      done += now;
    }
  }

  @Override
  public void clear(long address, long length) {
    int at = at(address, length);
    for (int done = 0; done < length;) {
      int now = (int) Math.min(length - done, CHUNK - (at + done) % CHUNK);
      byte[] chunk = chunks[(at + done) / CHUNK];
      if (chunk != null) {
        Arrays.fill(chunk, (at + done) % CHUNK, (at + done) % CHUNK + now, (byte) 0);
      }
      done += now;
    }
  }

  @Override
  public int get8(long address) {
    return (int) get(address, 1);
  }

  @Override
  public int get16(long address) {
    return (int) get(address, 2);
  }

  @Override
  public long get32(long address) {
    return get(address, 4);
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
      if (get16(address + 2L * i) == 0) {
        return text.toString();
      }
      text.append((char) get16(address + 2L * i));
    }
    throw new EfiError(EfiStatus.INVALID_PARAMETER, "no end in " + most + " characters");
  }
}
