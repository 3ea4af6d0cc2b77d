// SPDX-License-Identifier: EPL-2.0
package org.xenolith.machine.kit;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Objects;
import java.util.function.IntPredicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One chunk of guest RAM: a power-of-two number of bytes at a multiple of its size. All accesses go through this class or,
 * in an engine's fast path, by {@link HostMemory} straight to the bytes. Little-endian, unaligned accesses allowed inside the chunk.
 *
 * <p>An engine marks the pages whose code it holds decoded; every writer tells the chunk of writes to marked pages through
 * {@link #wrote}, so that decoded code stays coherent, and who watches a page is told.
 */
public final class Ram {
  /** Pages of code marking have 2¹² bytes. */
  public static final int PAGE_SHIFT = 12;
  private static final byte CODE = 1;
  private static final byte WATCHED = 2;
  private static final int[] NONE = {};
  /** The marks of a chunk of the usual size without any: most have none ever, and forks are made with hundreds of them. */
  private static final byte[] UNMARKED = new byte[1 << 24 - PAGE_SHIFT];

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
  /** The host's pages of it; null if they can't be had one by one. */
  private final @Nullable ChunkPages pages;
  /** Of each page, {@link #CODE} and {@link #WATCHED}: its writers tell if it has one. */
  private byte[] marks;
  private CodeListener listener = (ram, offset, length) -> {};
  private WriteListener watcher = (ram, offset, length) -> {};
  /** Where instructions have breakpoints; ascending, and never changed but exchanged. */
  private int[] breakpoints = NONE;

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

  /** Is told of writes to pages that are watched. */
  public interface WriteListener {
    /**
     * Bytes of a watched page were written, by whomever.
     *
     * @param offset of the first byte written
     * @param length bytes written, all in one page
     */
    void written(Ram ram, int offset, int length);
  }

  /** @param size bytes, a power of two of at least 4,096 */
  public Ram(long base, int size) {
    if (Integer.bitCount(size) != 1 || size < 1 << PAGE_SHIFT || base % size != 0) {
      throw new IllegalArgumentException("RAM chunk 0x%x, %d bytes: expected an aligned power of two".formatted(base, size));
    }
    this.base = base;
    this.size = size;
    this.pages = HostMemory.OUTSIDE && HostPages.possible() ? ChunkPages.own(size) : null;
    this.bytes = pages == null ? HostMemory.allocate(size, 1 << PAGE_SHIFT) : pages.bytes();
    this.heap = (byte[]) bytes.heapBase().orElse(null);
    this.place = heap == null ? bytes.address() : 0;
    this.marks = unmarked(size);
  }

  /** One that holds what an image does. */
  Ram(RamImage image) {
    this.base = image.base();
    this.size = image.size();
    this.pages = ChunkPages.of(image);
    this.bytes = pages.bytes();
    this.heap = (byte[]) bytes.heapBase().orElse(null);
    this.place = bytes.address();
    this.marks = unmarked(size);
  }

  /**
   * What all chunks have in common that hold what one of them held, or did: {@code ==} says whether two may hold mostly the same. A chunk that goes back to what another one held has that one's from then on.
   */
  public Object family() {
    return pages == null ? this : pages.family();
  }

  private static byte[] unmarked(int size) {
    int length = size >> PAGE_SHIFT;
    return length == UNMARKED.length ? UNMARKED : new byte[length];
  }

  private void mark(int page, int newMarks) {
    if (marks == UNMARKED) {
      marks = new byte[UNMARKED.length];
    }
    marks[page] = (byte) newMarks;
  }

  /** Sets the one listener; the core fans out to the engines. */
  public void listen(CodeListener codeListener) {
    listener = codeListener;
  }

  /** Sets the one who is told of writes to watched pages. */
  public void listenToWrites(WriteListener writeListener) {
    watcher = writeListener;
  }

  /** Marks the page at {@code offset} as holding decoded code. */
  public void markCode(int offset) {
    int page = offset >> PAGE_SHIFT;
    mark(page, marks[page] | CODE);
  }

  /** Whether writers to the page at {@code offset} must call {@link #wrote}: it holds decoded code, or is watched. */
  public boolean isCode(int offset) {
    return marks[offset >> PAGE_SHIFT] != 0;
  }

  /** Whether the page at {@code offset} holds decoded code, watched or not. */
  public boolean holdsCode(int offset) {
    return (marks[offset >> PAGE_SHIFT] & CODE) != 0;
  }

  /** Whether writes to the page at {@code offset} are told from now on. Who remembers {@link #isCode} must ask again. */
  public void watchWrites(int offset, boolean watched) {
    int page = offset >> PAGE_SHIFT;
    mark(page, watched ? marks[page] | WATCHED : marks[page] & ~WATCHED);
  }

  /** Bytes were written by other means than the methods of this class. */
  public void wrote(int offset, int length) {
    int end = offset + length;
    for (int from = offset; from < end;) {
      int page = from >> PAGE_SHIFT;
      int to = Math.min(end, page + 1 << PAGE_SHIFT);
      if (marks[page] != 0) {
        dropCode(from, to - from);
        if ((marks[page] & WATCHED) != 0) {
          watcher.written(this, from, to - from);
        }
      }
      from = to;
    }
  }

  /** All bytes may be others from now on, or may no longer be fetched: what was decoded of them is void. */
  public void dropCode() {
    for (int page = 0; page < marks.length; page++) {
      dropCode(page << PAGE_SHIFT, 1 << PAGE_SHIFT);
    }
  }

  /** The pages that may be other than zeros, by their numbers; null if that isn't known without a look at them. */
  public @Nullable BitSet held() {
    return pages == null ? null : pages.held();
  }

  /** What it holds now, see {@link RamImages#of}. */
  RamImage image(Supplier<MemoryFile> file, PageStore store, IntPredicate copies) {
    return Objects.requireNonNull(pages).image(base, file, store, copies);
  }

  /** The same as a copy; null where the host doesn't say what is written, see {@link RamImages#next}. */
  @Nullable
  RamImage copy(PageStore store) {
    return Objects.requireNonNull(pages).copy(base, store);
  }

  /** It holds what an image does, see {@link RamImages#restore}. */
  void become(RamImage image) {
    Objects.requireNonNull(pages).become(image, page -> wrote(page << PAGE_SHIFT, 1 << PAGE_SHIFT));
  }

  private void dropCode(int offset, int length) {
    int page = offset >> PAGE_SHIFT;
    if ((marks[page] & CODE) != 0) {
      mark(page, marks[page] & ~CODE);
      listener.codeWritten(this, offset, length);
    }
  }

  // ---- Breakpoints

  /** An instruction that begins at {@code offset} is to be asked for before it is executed ({@link DebugPoints#before}): what was decoded of it is void. */
  public void setBreakpoint(int offset) {
    int at = Arrays.binarySearch(breakpoints, offset);
    if (at < 0) {
      int[] more = Arrays.copyOf(breakpoints, breakpoints.length + 1);
      System.arraycopy(more, ~at, more, ~at + 1, breakpoints.length - ~at);
      more[~at] = offset;
      breakpoints = more;
      dropCode(offset, 1);
    }
  }

  /** No instruction is asked for any more. */
  public void clearBreakpoints() {
    int[] old = breakpoints;
    breakpoints = NONE;
    for (int offset : old) {
      dropCode(offset, 1);
    }
  }

  /** Whether an instruction that begins at {@code offset} is to be asked for. */
  public boolean isBreakpoint(int offset) {
    return breakpoints.length != 0 && Arrays.binarySearch(breakpoints, offset) >= 0;
  }

  /** Whether one in the page at {@code offset} is. */
  public boolean hasBreakpoint(int offset) {
    if (breakpoints.length == 0) {
      return false;
    }
    int at = Arrays.binarySearch(breakpoints, offset & -1 << PAGE_SHIFT);
    return at >= 0 || ~at < breakpoints.length && breakpoints[~at] >> PAGE_SHIFT == offset >> PAGE_SHIFT;
  }

  // ---- Content

  /** Makes all bytes zero. Outside the heap the host has their memory back until they are written. */
  public void clear() {
    if (pages == null) {
      bytes.fill((byte) 0);
    } else {
      pages.clear();
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
    if (pages == null || !pages.clear(offset, length)) {
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
    giveBack(List.of(this));
  }

  /** The same of many chunks, at once where they lie side by side in this process. */
  public static void giveBack(List<Ram> chunks) {
    List<ChunkPages> all = new ArrayList<>();
    for (Ram chunk : chunks) {
      if (chunk.pages != null) {
        all.add(chunk.pages);
      }
    }
    ReturnedPages.giveBack(all);
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
