// SPDX-License-Identifier: EPL-2.0
package org.xenolith.net.host;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;

/** Files of the host that Java's own classes can't use: its C library's calls, which give the error's number, negative, where they fail. */
final class TapCalls {
  private static final Linker LINKER = Linker.nativeLinker();
  private static final StructLayout STATE = Linker.Option.captureStateLayout();
  private static final VarHandle ERRNO = STATE.varHandle(MemoryLayout.PathElement.groupElement("errno"));
  private static final int READ_AND_WRITE = 2;
  private static final short INPUT = 1;
  private static final int INTERRUPTED = 4;

  private static final MethodHandle OPEN = function("open", 2, ValueLayout.ADDRESS, ValueLayout.JAVA_INT);
  private static final MethodHandle CONTROL = function("ioctl", 2, ValueLayout.JAVA_INT, ValueLayout.JAVA_LONG, ValueLayout.ADDRESS);
  private static final MethodHandle READ = function("read", 0, ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_LONG);
  private static final MethodHandle WRITE = function("write", 0, ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_LONG);
  private static final MethodHandle POLL = function("poll", 0, ValueLayout.ADDRESS, ValueLayout.JAVA_LONG, ValueLayout.JAVA_INT);
  private static final MethodHandle CLOSE = function("close", 0, ValueLayout.JAVA_INT);

  private TapCalls() {}

  /** @param fixed operands before those of which there may be any number; 0 if there are none of these */
  private static MethodHandle function(String name, int fixed, MemoryLayout... operands) {
    Linker.Option state = Linker.Option.captureCallState("errno");
    boolean any = fixed > 0;
    int first = name.equals("open") ? operands.length : fixed;
    Linker.Option[] options = any && first < operands.length ? new Linker.Option[] {state, Linker.Option.firstVariadicArg(first)}
        : new Linker.Option[] {state};
    return LINKER.downcallHandle(LINKER.defaultLookup().findOrThrow(name), FunctionDescriptor.of(ValueLayout.JAVA_LONG, operands), options);
  }

  private interface Call {
    long with(MemorySegment state) throws Throwable;
  }

  private static int call(Call call) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment state = arena.allocate(STATE);
      // What it returns is a word, of which an int has the lower half.
      int result = (int) call.with(state);
      return result >= 0 ? result : -(int) ERRNO.get(state, 0L);
    } catch (Throwable bug) {
      throw new IllegalStateException("a function of the host's can't be called", bug);
    }
  }

  /** Opens a file to be read and written. @return its number */
  static int open(String path) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment text = arena.allocateFrom(path);
      return call(state -> (long) OPEN.invokeExact(state, text, READ_AND_WRITE));
    }
  }

  static int control(int file, long request, MemorySegment operand) {
    return call(state -> (long) CONTROL.invokeExact(state, file, request, operand));
  }

  static int read(int file, MemorySegment to, long most) {
    return call(state -> (long) READ.invokeExact(state, file, to, most));
  }

  static int write(int file, MemorySegment from, long count) {
    return call(state -> (long) WRITE.invokeExact(state, file, from, count));
  }

  /** Waits until there is something to read. @param place 8 bytes for the question @return 0 if there isn't */
  static int awaitInput(int file, MemorySegment place, int milliseconds) {
    place.set(ValueLayout.JAVA_INT, 0, file);
    place.set(ValueLayout.JAVA_SHORT, 4, INPUT);
    place.set(ValueLayout.JAVA_SHORT, 6, (short) 0);
    int ready = call(state -> (long) POLL.invokeExact(state, place, 1L, milliseconds));
    return ready == -INTERRUPTED ? 0 : ready;
  }

  static void close(int file) {
    call(state -> (long) CLOSE.invokeExact(state, file));
  }

  /** An error by its number. */
  static String reason(int error) {
    return switch (error) {
      case 1, 13 -> "not permitted";
      case 2, 6, 19 -> "there is none";
      case 16 -> "another program has it";
      case 22 -> "it is no tap";
      case 77 -> "it is broken (EBADFD): the interface is gone";
      default -> "error " + error + " of the host";
    };
  }
}
