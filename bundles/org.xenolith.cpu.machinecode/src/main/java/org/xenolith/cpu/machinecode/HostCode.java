// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cpu.machinecode;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.ByteBuffer;

/**
 * Memory for code: one that is written, and the same once more where it is executed, never both at one address. The host has it back when
 * nobody refers to this any more. Source: memfd_create(2), mmap(2); the System V ABI of x86-64.
 */
final class HostCode {
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
  private static final int CLOSE_ON_EXEC = 1;

  private static final MethodHandle CALL = Linker.nativeLinker().downcallHandle(FunctionDescriptor.of(ValueLayout.JAVA_LONG,
      ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG));

  private final MemorySegment writable;
  private final MemorySegment executable;

  private HostCode(long written, long executed, int size) {
    writable = mapped(written, size);
    executable = mapped(executed, size);
  }

  private static MemorySegment mapped(long address, int size) {
    return MemorySegment.ofAddress(address).reinterpret(size, Arena.ofAuto(), memory -> unmap(memory.address() - GUARD, memory
        .byteSize() + 2 * GUARD));
  }

  /** The C library's calls; none is made before somebody asks for code. */
  private static final class Library {
    private static final Linker LINKER = Linker.nativeLinker();
    static final MethodHandle CREATE = handle("memfd_create", FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS,
        ValueLayout.JAVA_INT));
    static final MethodHandle RESIZE = handle("ftruncate", FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT,
        ValueLayout.JAVA_LONG));
    static final MethodHandle MAP = handle("mmap", FunctionDescriptor.of(ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG,
        ValueLayout.JAVA_LONG, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_LONG));
    static final MethodHandle UNMAP = handle("munmap", FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_LONG,
        ValueLayout.JAVA_LONG));
    static final MethodHandle CLOSE = handle("close", FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));

    private static MethodHandle handle(String name, FunctionDescriptor type) {
      return LINKER.downcallHandle(LINKER.defaultLookup().find(name).orElseThrow(() -> new UnsupportedOperationException(
          "the host's C library has no " + name)), type);
    }
  }

  /**
   * Maps memory.
   *
   * @throws UnsupportedOperationException if the host refuses it; the message says what
   */
  static HostCode map(int size) {
    try (Arena arena = Arena.ofConfined()) {
      int file = (int) Library.CREATE.invokeExact(arena.allocateFrom("xenolith"), CLOSE_ON_EXEC);
      if (file < 0 || (int) Library.RESIZE.invokeExact(file, (long) size) != 0) {
        throw new UnsupportedOperationException("the host has no memory for code (memfd_create)");
      }
      long written = guarded(size, READ | WRITE, file);
      long executed = guarded(size, READ | EXECUTE, file);
      int closed = (int) Library.CLOSE.invokeExact(file);
      if (written == REFUSED || executed == REFUSED || closed != 0) {
        throw new UnsupportedOperationException("the host refuses memory that is executed (mmap)");
      }
      return new HostCode(written, executed, size);
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new UnsupportedOperationException("the host's memory can't be mapped", e);
    }
  }

  /** Maps a file between two pages that nobody may touch. */
  private static long guarded(int size, int rights, int file) throws Throwable {
    long reserved = (long) Library.MAP.invokeExact(0L, size + 2 * GUARD, NOTHING, PRIVATE | ANONYMOUS, NO_FILE, 0L);
    return reserved == REFUSED ? REFUSED : (long) Library.MAP.invokeExact(reserved + GUARD, (long) size, rights, SHARED | FIXED, file, 0L);
  }

  /** Address of the first byte where it is executed. */
  long executed() {
    return executable.address();
  }

  /** Bytes become code at a place. */
  void write(byte[] code, int place, int length) {
    MemorySegment.copy(code, 0, writable, ValueLayout.JAVA_BYTE, place, length);
  }

  /** The bytes from one place up to another, where they are written. */
  ByteBuffer bytes(int from, int to) {
    return writable.asSlice(from, to - from).asByteBuffer();
  }

  /** A jump's distance becomes another one. */
  void patchJump(int place, int target) {
    writable.set(ValueLayout.JAVA_INT_UNALIGNED, place, target - place - Integer.BYTES);
  }

  /** Calls a function at a place with two arguments. */
  long call(int place, long one, long other) {
    return call(MemorySegment.ofAddress(executed() + place), one, other);
  }

  /** Calls a function at an address. */
  static long call(MemorySegment function, long one, long other) {
    try {
      return (long) CALL.invokeExact(function, one, other);
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }

  private static void unmap(long address, long size) {
    try {
      int done = (int) Library.UNMAP.invokeExact(address, size);
      assert done == 0;
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }
}
