// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hostcode.kit;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.xenolith.machine.kit.HostFunction;

/**
 * Memory for code: one that is written, and the same once more where it is executed, never both at one address. What others have, too ({@link #hand}), is each one's own where it is executed from then on,
 * and no longer written at the other address. The host has it back when nobody refers to this any more. Source: mmap(2); the System V ABI of x86-64.
 */
public final class HostCode {
  private static final int READ = 1;
  private static final int WRITE = 2;
  private static final int EXECUTE = 4;
  private static final int NOTHING = 0;
  private static final int SHARED = 1;
  private static final int PRIVATE = 2;
  private static final int FIXED = 0x10;
  private static final int ANONYMOUS = 0x20;
  private static final int NO_FILE = -1;
  /** Bytes before and behind that nobody may touch: what runs out of code faults. */
  private static final long GUARD = 4096;
  /** Bytes of one of the host's pages. */
  private static final int PAGE = 4096;
  private static final int DONT_NEED = 4;
  /** Bytes that are written until {@link #settle}. */
  private static final int PIECE = 1 << 20;

  private final MemorySegment writable;
  private final MemorySegment executable;
  private final Files files;
  /** What others may have, too; ascending from the first byte. */
  private final List<HandedCode.Piece> handed = new ArrayList<>();
  /** Bytes from the first on that are others', too: they are written where they are executed. */
  private int common;
  private int unsettled;

  /** The files that something is mapped of, until somebody or nobody wants them. */
  private static final class Files {
    private final List<CodeMemory> all = new ArrayList<>();
    private CodeMemory own;

    Files(CodeMemory own) {
      this.own = own;
      all.add(own);
    }

    synchronized void end() {
      all.forEach(CodeMemory::drop);
      all.clear();
    }
  }

  private HostCode(long written, long executed, int size, CodeMemory own) {
    Files owned = new Files(own);
    files = owned;
    writable = mapped(written, size, owned::end);
    executable = mapped(executed, size, () -> {
      // They are dropped with the other.
    });
  }

  private static MemorySegment mapped(long address, int size, Runnable besides) {
    return MemorySegment.ofAddress(address).reinterpret(size, Arena.ofAuto(), memory -> {
      unmap(memory.address() - GUARD, memory.byteSize() + 2 * GUARD);
      besides.run();
    });
  }

  /**
   * Maps memory.
   *
   * @throws UnsupportedOperationException if the host refuses it; the message says what
   */
  public static HostCode map(int size) {
    CodeMemory own = CodeMemory.create(size);
    long written = guarded(size, READ | WRITE, own);
    long executed = guarded(size, READ | EXECUTE, own);
    if (written == LinuxCalls.REFUSED || executed == LinuxCalls.REFUSED) {
      own.drop();
      throw new UnsupportedOperationException("the host refuses memory that is executed (mmap)");
    }
    return new HostCode(written, executed, size, own);
  }

  /** Maps a file between two pages that nobody may touch. */
  private static long guarded(int size, int rights, CodeMemory file) {
    long reserved = LinuxCalls.call(LinuxCalls.MAP, 0, size + 2 * GUARD, NOTHING, PRIVATE | ANONYMOUS, NO_FILE, 0);
    boolean done = reserved != LinuxCalls.REFUSED && file.map(reserved + GUARD, rights, SHARED | FIXED, 0, size);
    return done ? reserved + GUARD : LinuxCalls.REFUSED;
  }

  /** Address of the first byte where it is executed. */
  public long executed() {
    return executable.address();
  }

  /** Bytes become code at a place. */
  public void write(byte[] code, int place, int length) {
    write(MemorySegment.ofArray(code), place, length);
  }

  /** The first bytes of a segment become code at a place. */
  public void write(MemorySegment code, int place, int length) {
    int others = Math.clamp(common - place, 0, length);
    if (others > 0) {
      force(code.asSlice(0, others), place);
    }
    if (others < length) {
      writeOwn(code.asSlice(others), place + others, length - others);
    }
  }

  private void writeOwn(MemorySegment code, int place, int length) {
    if (code.isNative() && length >= PAGE && files.own.write(code.address(), place, length)) {
      // The host writes bytes outside the heap itself: it takes a fifth of the time that faults of pages which are written first take.
      return;
    }
    MemorySegment.copy(code, 0, writable, place, length);
    unsettled += length;
    if (unsettled >= PIECE) {
      settle();
    }
  }

  /** Writes what others have, too. */
  private void force(MemorySegment code, int place) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment bytes = code.isNative() ? code : arena.allocate(code.byteSize()).copyFrom(code);
      if (!ForcedWrites.write(bytes.address(), executed() + place, bytes.byteSize())) {
        throw new OutOfMemoryError("the host refuses a page of code of its own to a fork (/proc/self/mem)");
      }
    }
  }

  /**
   * What has been written stays where it is executed; where it was written its pages are taken from this process until they are written
   * again, or each would count twice. Source: madvise(2).
   */
  public void settle() {
    unsettled = 0;
    long done = LinuxCalls.call(LinuxCalls.ADVISE, writable.address(), writable.byteSize(), DONT_NEED, 0, 0, 0);
    assert done == 0;
  }

  /** Nobody executes or reads any of it any more: the host has the memory back, though not the addresses, unless others have it, too. */
  public void release() {
    if (common > 0) {
      // What was written of it is this one's.
      LinuxCalls.call(LinuxCalls.MAP, executed(), common, NOTHING, PRIVATE | ANONYMOUS | FIXED, NO_FILE, 0);
    }
    files.end();
  }

  // ---- Code that others have, too

  /** Whether this host lets code be handed to others. */
  public static boolean hands() {
    return ForcedWrites.possible();
  }

  /**
   * Code from the first byte up to a place, for one other.
   *
   * @return null if the host refuses it; nothing has changed then
   */
  public @Nullable HandedCode hand(int end) {
    int whole = end & -PAGE;
    if (whole > common) {
      if (!files.own.map(executed() + common, READ | EXECUTE, PRIVATE | FIXED, common, whole - common)) {
        return null;
      }
      handed.add(new HandedCode.Piece(files.own, common, whole));
      common = whole;
    }
    handed.forEach(piece -> piece.file().keep());
    return new HandedCode(List.copyOf(handed), executable.asSlice(common, Math.max(0, end - common)).toArray(ValueLayout.JAVA_BYTE));
  }

  /**
   * Has what another one handed over, but for the first bytes, which stay as they are.
   *
   * @return whether the host allows it; all is as before else
   */
  public boolean take(HandedCode code, int kept) {
    boolean done = true;
    for (HandedCode.Piece piece : code.pieces()) {
      done = done && piece.file().map(executed() + piece.from(), READ | EXECUTE, PRIVATE | FIXED, piece.from(), piece.to() - piece.from());
    }
    done = done && ForcedWrites.write(writable.address(), executed(), Math.min(kept, code.whole()));
    if (!done) {
      code.drop();
      if (!files.own.map(executed(), READ | EXECUTE, SHARED | FIXED, 0, writable.byteSize())) {
        throw new OutOfMemoryError("the host refuses memory that is executed (mmap)");
      }
      return false;
    }
    handed.addAll(code.pieces());
    code.pieces().forEach(piece -> files.all.add(piece.file()));
    common = code.whole();
    int from = Math.max(common, kept);
    int end = common + code.tail().length;
    if (from < end) {
      writeOwn(MemorySegment.ofArray(code.tail()).asSlice(from - common), from, end - from);
    }
    return true;
  }

  /** All but the first bytes is this one's from now on, and zeros; it was written, or others have it. */
  public void renew(int kept) {
    CodeMemory fresh = CodeMemory.create(writable.byteSize());
    boolean done = fresh.write(executed(), 0, kept) && fresh.map(writable.address(), READ | WRITE, SHARED | FIXED, 0, writable.byteSize())
        && fresh.map(executed(), READ | EXECUTE, SHARED | FIXED, 0, writable.byteSize());
    if (!done) {
      throw new OutOfMemoryError("the host refuses memory for code");
    }
    files.end();
    files.own = fresh;
    files.all.add(fresh);
    handed.clear();
    common = 0;
  }

  /** The bytes from one place up to another; they can be written if no others have any. */
  public ByteBuffer bytes(int from, int to) {
    return (common > 0 ? executable.asReadOnly() : writable).asSlice(from, to - from).asByteBuffer();
  }

  /** A jump's distance becomes another one. */
  public void patchJump(int place, int target) {
    int distance = target - place - Integer.BYTES;
    if (place < common) {
      try (Arena arena = Arena.ofConfined()) {
        MemorySegment bytes = arena.allocateFrom(ValueLayout.JAVA_INT, distance);
        write(bytes, place, Integer.BYTES);
      }
    } else {
      writable.set(ValueLayout.JAVA_INT_UNALIGNED, place, distance);
    }
  }

  /** Calls a function at a place with two arguments. */
  public long call(int place, long one, long other) {
    return call(MemorySegment.ofAddress(executed() + place), one, other);
  }

  /** Calls a function at an address. */
  public static long call(MemorySegment function, long one, long other) {
    return HostFunction.call(function, one, other, 0, 0, 0, 0, 0);
  }

  private static void unmap(long address, long size) {
    long done = LinuxCalls.call(LinuxCalls.UNMAP, address, size, 0, 0, 0, 0);
    assert done == 0;
  }
}
