// SPDX-License-Identifier: EPL-2.0
package org.xenolith.launch;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Who has the JVM end, as far as the stacks of its threads tell while hooks run.
 *
 * @param thread the thread that does; null if it isn't known
 * @param signal the exit code of the signal that asks for it; 0 if none does
 * @param code   frames of the code that asks for it, innermost first; empty if that is nobody's
 */
record ExitCaller(Thread thread, int signal, List<StackTraceElement> code) {
  private static final String HOOKS = "java.lang.ApplicationShutdownHooks";
  private static final String SIGNALS = "java.lang.Terminator";
  private static final String HANDLER = " handler";
  private static final int BASE = 128;
  /** Of those that the JVM ends for (signal(7), x86 and Arm). */
  private static final Map<String, Integer> NUMBERS = Map.of("SIGHUP", 1, "SIGINT", 2, "SIGTERM", 15);

  /** To be called from a hook. */
  static ExitCaller find() {
    for (Map.Entry<Thread, StackTraceElement[]> thread : Thread.getAllStackTraces().entrySet()) {
      if (Stream.of(thread.getValue()).anyMatch(frame -> frame.getClassName().equals(HOOKS))) {
        return of(thread.getKey(), thread.getValue());
      }
    }
    return new ExitCaller(null, 0, List.of());
  }

  static ExitCaller of(Thread thread, StackTraceElement[] stack) {
    if (Stream.of(stack).anyMatch(frame -> frame.getClassName().startsWith(SIGNALS))) {
      return new ExitCaller(thread, BASE + NUMBERS.getOrDefault(thread.getName().replace(HANDLER, ""), NUMBERS.get("SIGTERM")), List.of());
    }
    // Hooks are still being started, with whatever class of the JDK innermost.
    return new ExitCaller(thread, 0, Stream.of(stack).dropWhile(frame -> !frame.getClassName().equals(HOOKS)).dropWhile(frame -> frame
        .getClassName().startsWith("java.lang.")).toList());
  }
}
