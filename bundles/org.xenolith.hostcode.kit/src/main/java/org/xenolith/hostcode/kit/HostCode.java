// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hostcode.kit;

import java.lang.foreign.Arena;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import org.xenolith.machine.kit.HostFunction;

/**
 * Memory for code: one that is written, and the same once more where it is executed, never both at one address. The host has it back when
 * nobody refers to this any more. Source: memfd_create(2), mmap(2); the System V ABI of x86-64.
 */
public final class HostCode {
  private static final long REFUSED = -1;
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
  private static final int CLOSE_ON_EXEC = 1;
  private static final int DONT_NEED = 4;
  /** With FALLOC_FL_KEEP_SIZE, without which it is refused. */
  private static final int PUNCH_HOLE = 3;
  /** Bytes that are written until {@link #settle}. */
  private static final int PIECE = 1 << 20;

  private final MemorySegment writable;
  private final MemorySegment executable;
  /** The file that both are. */
  private final long file;
  private int unsettled;

  private HostCode(long written, long executed, int size, long file) {
    this.file = file;
    writable = mapped(written, size, () -> Library.call(Library.CLOSE, file, 0, 0, 0, 0, 0));
    executable = mapped(executed, size, () -> {
      // It is closed with the other.
    });
  }

  private static MemorySegment mapped(long address, int size, Runnable besides) {
    return MemorySegment.ofAddress(address).reinterpret(size, Arena.ofAuto(), memory -> {
      unmap(memory.address() - GUARD, memory.byteSize() + 2 * GUARD);
      besides.run();
    });
  }

  /**
   * The calls of Linux on x86-64, all by one function of the C library. Source: syscall(2), and arch/x86/entry/syscalls/syscall_64.tbl for the
   * numbers.
   */
  private static final class Library {
    static final long MAP = 9;
    static final long WRITE_AT = 18;
    static final long UNMAP = 11;
    static final long CLOSE = 3;
    static final long ADVISE = 28;
    static final long RESIZE = 77;
    static final long ALLOCATE = 285;
    static final long CREATE = 319;
    private static final MemorySegment FUNCTION = Linker.nativeLinker().defaultLookup().find("syscall").orElseThrow(
        () -> new UnsupportedOperationException("the host's C library has no syscall"));

    static long call(long number, long a, long b, long c, long d, long e, long f) {
      return HostFunction.call(FUNCTION, number, a, b, c, d, e, f);
    }
  }

  /**
   * Maps memory.
   *
   * @throws UnsupportedOperationException if the host refuses it; the message says what
   */
  public static HostCode map(int size) {
    try (Arena arena = Arena.ofConfined()) {
      long file = Library.call(Library.CREATE, arena.allocateFrom("xenolith").address(), CLOSE_ON_EXEC, 0, 0, 0, 0);
      if (file < 0) {
        throw new UnsupportedOperationException("the host has no memory for code (memfd_create)");
      }
      boolean sized = Library.call(Library.RESIZE, file, size, 0, 0, 0, 0) == 0;
      long written = sized ? guarded(size, READ | WRITE, file) : REFUSED;
      long executed = sized ? guarded(size, READ | EXECUTE, file) : REFUSED;
      if (written == REFUSED || executed == REFUSED) {
        Library.call(Library.CLOSE, file, 0, 0, 0, 0, 0);
        throw new UnsupportedOperationException("the host refuses memory that is executed (" + (sized ? "mmap)" : "ftruncate)"));
      }
      return new HostCode(written, executed, size, file);
    }
  }

  /** Maps a file between two pages that nobody may touch. */
  private static long guarded(int size, int rights, long file) {
    long reserved = Library.call(Library.MAP, 0, size + 2 * GUARD, NOTHING, PRIVATE | ANONYMOUS, NO_FILE, 0);
    return reserved == REFUSED ? REFUSED : Library.call(Library.MAP, reserved + GUARD, size, rights, SHARED | FIXED, file, 0);
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
    if (code.isNative() && length >= PAGE && writtenByTheHost(code, place, length)) {
      return;
    }
    MemorySegment.copy(code, 0, writable, place, length);
    unsettled += length;
    if (unsettled >= PIECE) {
      settle();
    }
  }

  /** The host writes bytes outside the heap itself: it takes a fifth of the time that faults of pages which are written first take. Source: pwrite(2). */
  private boolean writtenByTheHost(MemorySegment code, int place, int length) {
    for (int done = 0; done < length;) {
      long more = Library.call(Library.WRITE_AT, file, code.address() + done, length - done, place + done, 0, 0);
      if (more <= 0) {
        return false;
      }
      done += (int) more;
    }
    return true;
  }

  /**
   * What has been written stays where it is executed; where it was written its pages are taken from this process until they are written
   * again, or each would count twice. Source: madvise(2).
   */
  public void settle() {
    unsettled = 0;
    long done = Library.call(Library.ADVISE, writable.address(), writable.byteSize(), DONT_NEED, 0, 0, 0);
    assert done == 0;
  }

  /** Nobody executes or reads any of it any more: the host has the memory back, though not the addresses. Source: fallocate(2), FALLOC_FL_PUNCH_HOLE. */
  public void release() {
    Library.call(Library.ALLOCATE, file, PUNCH_HOLE, 0, writable.byteSize(), 0, 0);
  }

  /** The bytes from one place up to another, where they are written. */
  public ByteBuffer bytes(int from, int to) {
    return writable.asSlice(from, to - from).asByteBuffer();
  }

  /** A jump's distance becomes another one. */
  public void patchJump(int place, int target) {
    writable.set(ValueLayout.JAVA_INT_UNALIGNED, place, target - place - Integer.BYTES);
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
    long done = Library.call(Library.UNMAP, address, size, 0, 0, 0, 0);
    assert done == 0;
  }
}
