// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cli;

import org.xenolith.command.api.ExitCode;
import org.xenolith.launch.kit.HangLimit;
import org.xenolith.launch.kit.HangOutsideRun;
import org.xenolith.machine.kit.HostPause;

/**
 * Ends the program when a model doesn't come back while no machine runs, as when it is made or closed: the main thread is in that
 * call then, and nobody else could.
 */
final class HangGuard {
  private final HangLimit limit;
  private final HangOutsideRun outside = new HangOutsideRun(line -> hangs());
  private volatile boolean closing;

  HangGuard(HangLimit limit) {
    this.limit = limit;
  }

  /** The machine runs, on a thread of its own: the main thread decides. */
  void runs(boolean now) {
    outside.runs(now);
  }

  /** All is done but taking things apart: nobody waits for that. */
  void closes() {
    closing = true;
  }

  /** An event of the machine; any thread. */
  void event(String kind, String place, String text) {
    outside.event(kind, place, text);
  }

  private void hangs() {
    int call = outside.number();
    Thread.ofPlatform().daemon().name("hang limit").start(() -> end(call));
  }

  private void end(int call) {
    if (!closing && limit.isNone()) {
      return;
    }
    HostPause.nanoseconds(closing ? 0 : limit.nanoseconds());
    if (outside.lasts(call)) {
      ProgramEnd.now(ExitCode.INTERNAL_FAULT, "xenolith: ended, because a model did not come back" + (closing ? "" : " (--hang-limit)"));
    }
  }
}
