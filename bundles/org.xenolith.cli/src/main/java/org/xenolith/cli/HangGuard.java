// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cli;

import org.xenolith.command.api.ExitCode;
import org.xenolith.machine.kit.HostPause;

/**
 * Ends the program when a model doesn't come back while no machine runs, as when it is made or closed: the main thread is in that
 * call then, and nobody else could.
 */
final class HangGuard {
  private final double limit;
  private volatile boolean running;
  private volatile boolean closing;
  private volatile int hang;

  /** @param limit host seconds that a call may take; 0 for any time */
  HangGuard(double limit) {
    this.limit = limit;
  }

  /** The machine runs, on a thread of its own: the main thread decides. */
  void runs(boolean now) {
    running = now;
  }

  /** All is done but taking things apart: nobody waits for that. */
  void closes() {
    closing = true;
  }

  /** An event of the machine; any thread. */
  void event(String kind) {
    if (kind.equals("model-came-back")) {
      hang++;
    } else if (kind.equals("model-hangs") && !running) {
      int number = ++hang;
      Thread.ofPlatform().daemon().name("hang limit").start(() -> end(number));
    }
  }

  private void end(int number) {
    if (!closing && limit == 0) {
      return;
    }
    HostPause.nanoseconds(closing ? 0 : (long) (limit * 1e9));
    if (number == hang && !running) {
      ProgramEnd.now(ExitCode.INTERNAL_FAULT, "xenolith: ended, because a model did not come back" + (closing ? "" : " (--hang-limit)"));
    }
  }
}
