// SPDX-License-Identifier: EPL-2.0
package org.xenolith.machine.kit;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/**
 * Calls of the host's functions with up to seven words; what has fewer operands doesn't look at the others. One handle for all: each type of function, or
 * set of options, would take a start as long again. The JVM isn't told that its thread is away, so each way out and in costs half; who wants all
 * threads to stop waits for the function, which therefore has to be short: some 100,000 instructions.
 */
public final class HostFunction {
  private static final MethodHandle CALL = Linker.nativeLinker().downcallHandle(FunctionDescriptor.of(ValueLayout.JAVA_LONG,
      ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG,
      ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG), Linker.Option.critical(false));

  static {
    // The first call has the JVM link it, which takes as long as the handle does.
    Linker.nativeLinker().defaultLookup().find("getpid").ifPresent(function -> call(function, 0, 0, 0, 0, 0, 0, 0));
  }

  private HostFunction() {}

  /**
   * Calls a function with words as its operands.
   *
   * @param function its address
   * @return the word it returns
   */
  public static long call(MemorySegment function, long a, long b, long c, long d, long e, long f, long g) {
    try {
      return (long) CALL.invokeExact(function, a, b, c, d, e, f, g);
    } catch (Throwable bug) {
      throw new IllegalStateException("a function of the host's can't be called", bug);
    }
  }
}
