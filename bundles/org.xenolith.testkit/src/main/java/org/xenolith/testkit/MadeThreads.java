// SPDX-License-Identifier: EPL-2.0
package org.xenolith.testkit;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The threads that a test's thread makes, started or not: each asks what it inherits from who makes it. */
final class MadeThreads {
  private static final class Asked extends InheritableThreadLocal<List<String>> {
    @Override
    protected @Nullable List<String> childValue(List<String> made) {
      if (made != null) {
        made.add(StackWalker.getInstance().walk(frames -> frames.filter(frame -> !frame.getClassName().startsWith("java.")
            && !frame.getClassName().startsWith("jdk.") && !frame.getClassName().startsWith(MadeThreads.class.getName())).findFirst()
            .map(StackWalker.StackFrame::toString).orElse("the host")));
      }
      return null;
    }
  }

  private static final Asked ASKED = new Asked();

  private MadeThreads() {}

  /** Where threads are made while this runs; in the order in which they are. */
  static List<String> during(Runnable action) {
    List<String> made = new ArrayList<>();
    ASKED.set(made);
    try {
      action.run();
    } finally {
      ASKED.remove();
    }
    return made;
  }
}
