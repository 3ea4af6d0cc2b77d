// SPDX-License-Identifier: EPL-2.0
package org.xenolith.machine.kit;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Objects;

/**
 * One chunk of guest RAM: a power-of-two number of bytes at a multiple of its size. All accesses go through this class or,
 * in an engine's fast path, by {@link HostMemory} straight to the bytes. Little-endian, unaligned accesses allowed inside the chunk.
 *
 * <p>An engine marks the pages whose code it holds decoded; every writer tells the chunk of writes to marked pages through
 * {@link #wrote}, so that decoded code stays coherent.
 */
public final class Ram {
  /** Pages of code marking have 2¹² bytes. */
  public static final int PAGE_SHIFT = 12;

  /** Physical address of the first byte. */
  public final long base;
  /** Number of bytes. */
  public final int size;
  /** The array of the first byte's place in {@link HostMemory}; null outside the heap. */
  public final byte[] heap;
  /** The number of the first byte's place in {@link HostMemory}. */
  public final long place;
  /** The content. Keeps what is outside the heap. */
  private final MemorySegment bytes;
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
    this.size = size;
    this.bytes = HostMemory.allocate(size, 1 << PAGE_SHIFT);
    this.heap = (byte[]) bytes.heapBase().orElse(null);
    this.place = heap == null ? bytes.address() : 0;
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

  /** Makes all bytes zero. Outside the heap the host has their memory back until they are written. */
  public void clear() {
    if (heap != null || !HostPages.takeBack(bytes)) {
      bytes.fill((byte) 0);
    }
    wrote(0, size);
  }

  /**
   * Makes some bytes zero, of whole pages. Outside the heap the host has their memory back until they are written; a page on the heap that is zero isn't written, so that the host needn't give it.
   *
   * @throws IndexOutOfBoundsException if they aren't all in the chunk
   */
  public void clear(int offset, int length) {
    MemorySegment part = bytes.asSlice(offset, length);
    if (heap != null || !HostPages.takeBack(part)) {
      MemorySegment zeros = MemorySegment.ofArray(new byte[1 << PAGE_SHIFT]);
      for (long at = 0; at < length; at += zeros.byteSize()) {
        MemorySegment page = part.asSlice(at, Math.min(zeros.byteSize(), length - at));
        if (MemorySegment.mismatch(page, 0, page.byteSize(), zeros, 0, page.byteSize()) >= 0) {
          page.fill((byte) 0);
        }
      }
    }
    wrote(offset, length);
  }

  /** Nobody needs the bytes any more: outside the heap the host has their memory back. */
  public void giveBack() {
    HostMemory.takeBack(bytes);
  }

  /**
   * Reads {@code size} (1, 2, 4, 8) bytes at {@code offset}, zero-extended.
   *
   * @throws IndexOutOfBoundsException if they aren't all in the chunk
   */
  public long read(int offset, int size) {
    long at = at(offset, size);
    return switch (size) {
      case 1 -> HostMemory.read8(heap, at);
      case 2 -> HostMemory.read16(heap, at);
      case 4 -> HostMemory.read32(heap, at);
      default -> HostMemory.read64(heap, at);
    };
  }

  /**
   * Writes the low {@code size} (1, 2, 4, 8) bytes of {@code value} at {@code offset}.
   *
   * @throws IndexOutOfBoundsException if they aren't all in the chunk
   */
  public void write(int offset, int size, long value) {
    long at = at(offset, size);
    switch (size) {
      case 1 -> HostMemory.write8(heap, at, value);
      case 2 -> HostMemory.write16(heap, at, value);
      case 4 -> HostMemory.write32(heap, at, value);
      default -> HostMemory.write64(heap, at, value);
    }
    wrote(offset, size);
  }

  private long at(int offset, int length) {
    return place + Objects.checkFromIndexSize(offset, length, size);
  }

  /**
   * Copies bytes out.
   *
   * @throws IndexOutOfBoundsException if they aren't all in the chunk, or not in the array
   */
  public void read(int offset, byte[] to, int first, int length) {
    MemorySegment.copy(bytes, ValueLayout.JAVA_BYTE, offset, to, first, length);
  }

  /**
   * Copies bytes in.
   *
   * @throws IndexOutOfBoundsException if they aren't all in the chunk, or not in the array
   */
  public void write(int offset, byte[] from, int first, int length) {
    MemorySegment.copy(from, first, bytes, ValueLayout.JAVA_BYTE, offset, length);
    wrote(offset, length);
  }

  /** Copies all bytes out. */
  public byte[] content() {
    return bytes.toArray(ValueLayout.JAVA_BYTE);
  }

  /** Gives bytes the same value. */
  public void fill(int offset, int length, byte value) {
    bytes.asSlice(offset, length).fill(value);
    wrote(offset, length);
  }

  /** The first of the bytes from {@code offset} on that is another one than in an array, counted from there; -1 if none is. */
  public int mismatch(int offset, byte[] others, int first, int length) {
    return (int) MemorySegment.mismatch(bytes, offset, offset + length, MemorySegment.ofArray(others), first, first + length);
  }
}
