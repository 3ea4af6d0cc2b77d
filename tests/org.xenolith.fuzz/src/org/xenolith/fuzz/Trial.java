// SPDX-License-Identifier: EPL-2.0
package org.xenolith.fuzz;

import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Executes one input and takes what is thrown, and a hang, for what it is. */
final class Trial {
  /** More than this of the host's CPU time is a hang: inputs take milliseconds. */
  private static final long CPU_NANOSECONDS = 10_000_000_000L;
  private static final int FRAMES = 8;

  private Trial() {}

  /** What is wrong, one line each. */
  static List<String> of(Attack attack, byte[] input) {
    List<String> wrong = new ArrayList<>();
    long begun = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    try {
      wrong.addAll(attack.execute(input));
    } catch (Throwable e) {
      wrong.add("exception: " + e + " at " + Stream.of(e.getStackTrace()).limit(FRAMES).toList());
    }
    long spent = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - begun;
    if (spent > CPU_NANOSECONDS) {
      wrong.add("it took " + spent / 1_000_000 + " ms of CPU time");
    }
    return wrong;
  }

  /** The same for several, one after another in a new world. What is wrong ends it, or is asked for at the end. */
  static List<String> of(Attack attack, List<byte[]> inputs) {
    attack.fresh();
    for (byte[] input : inputs) {
      List<String> wrong = of(attack, input);
      if (!wrong.isEmpty()) {
        return wrong;
      }
    }
    return attack.left();
  }
}
