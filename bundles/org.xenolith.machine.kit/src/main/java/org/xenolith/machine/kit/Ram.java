// SPDX-License-Identifier: EPL-2.0
package org.xenolith.machine.kit;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * One chunk of guest RAM: a power-of-two number of bytes at a multiple of its size. All accesses go through this class or,
 * in an engine's fast path, straight to {@link #bytes}. Little-endian, unaligned accesses allowed inside the chunk.
 *
 * <p>An engine marks the pages whose code it holds decoded; every writer tells the chunk of writes to marked pages through
 * {@link #wrote}, so that decoded code stays coherent.
 */
public final class Ram {
  /** Pages of code marking have 2¹² bytes. */
  public static final int PAGE_SHIFT = 12;
  /** 16-bit little-endian view of a byte array. */
  public static final VarHandle H16 = MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);
  /** 32-bit little-endian view of a byte array. */
  public static final VarHandle H32 = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
  /** 64-bit little-endian view of a byte array. */
  public static final VarHandle H64 = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  /** Physical address of the first byte. */
  public final long base;
  /** The content. */
  public final byte[] bytes;
  private final boolean[] code;
  private CodeListener listener = (ram, offset, length) -> {};

  /** Is told of writes to pages that hold decoded code. */
  public interface CodeListener {
    /**
     * Bytes of a page that holds decoded code were written. The page is no longer marked; who keeps what it has decoded of
     * the other bytes marks it again.
     *
     * @param offset of the first byte written
     * @param length bytes written, all in one page
     */
    void codeWritten(Ram ram, int offset, int length);
  }

  /** @param size bytes, a power of two of at least 4,096 */
  public Ram(long base, int size) {
    if (Integer.bitCount(size) != 1 || size < 1 << PAGE_SHIFT || base % size != 0) {
      throw new IllegalArgumentException("RAM chunk 0x%x, %d bytes: expected an aligned power of two".formatted(base, size));
    }
    this.base = base;
    this.bytes = new byte[size];
    this.code = new boolean[size >> PAGE_SHIFT];
  }

  /** Sets the one listener; the core fans out to the engines. */
  public void listen(CodeListener codeListener) {
    listener = codeListener;
  }

  /** Marks the page at {@code offset} as holding decoded code. */
  public void markCode(int offset) {
    code[offset >> PAGE_SHIFT] = true;
  }

  /** Whether the page at {@code offset} holds decoded code: its writers must call {@link #wrote}. */
  public boolean isCode(int offset) {
    return code[offset >> PAGE_SHIFT];
  }

  /** Bytes were written by other means than the methods of this class. */
  public void wrote(int offset, int length) {
    int end = offset + length;
    for (int from = offset; from < end;) {
      int page = from >> PAGE_SHIFT;
      int to = Math.min(end, page + 1 << PAGE_SHIFT);
      if (code[page]) {
        code[page] = false;
        listener.codeWritten(this, from, to - from);
      }
      from = to;
    }
  }

  /** All bytes may be others from now on, or may no longer be fetched: what was decoded of them is void. */
  public void dropCode() {
    for (int page = 0; page < code.length; page++) {
      if (code[page]) {
        wrote(page << PAGE_SHIFT, 1 << PAGE_SHIFT);
      }
    }
  }

  /** Reads {@code size} (1, 2, 4, 8) bytes at {@code offset}, zero-extended. */
  public long read(int offset, int size) {
    return switch (size) {
      case 1 -> bytes[offset] & 0xFF;
      case 2 -> (short) H16.get(bytes, offset) & 0xFFFF;
      case 4 -> (int) H32.get(bytes, offset) & 0xFFFF_FFFFL;
      default -> (long) H64.get(bytes, offset);
    };
  }

  /** Writes the low {@code size} (1, 2, 4, 8) bytes of {@code value} at {@code offset}. */
  public void write(int offset, int size, long value) {
    switch (size) {
      case 1 -> bytes[offset] = (byte) value;
      case 2 -> H16.set(bytes, offset, (short) value);
      case 4 -> H32.set(bytes, offset, (int) value);
      default -> H64.set(bytes, offset, value);
    }
    wrote(offset, size);
  }
}
