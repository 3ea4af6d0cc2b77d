// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.hotplug;

import static org.junit.jupiter.api.Assertions.fail;

import java.util.List;

/** What a kernel must not say. */
public final class KernelLog {
  private static final List<String> COMPLAINTS = List.of("WARNING:", "BUG:", "Unable to handle", "rcu: INFO", "I/O error",
      "Kernel panic", "Oops", "XENOLITH-ERROR", "hung task", "soft lockup", "nobody cared");

  private KernelLog() {}

  /** Fails if there is a complaint in what was printed. */
  public static void assertClean(String console) {
    console.lines().filter(line -> COMPLAINTS.stream().anyMatch(line::contains)).findFirst()
        .ifPresent(line -> fail("the kernel complains: " + line));
  }
}
