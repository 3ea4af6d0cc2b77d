// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cli;

import java.io.PrintWriter;
import org.xenolith.command.api.ExitCode;

/**
 * Ends the program when a model doesn't come back while no machine runs, as when it is made or closed: the main thread is in that
 * call then, and nobody else could.
 */
final class HangGuard {
  private final double limit;
  private final PrintWriter err;
  private volatile boolean running;
  private volatile boolean closing;
  private volatile int hang;

  /** @param limit host seconds that a call may take; 0 for any time */
  HangGuard(double limit, PrintWriter err) {
    this.limit = limit;
    this.err = err;
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
    try {
      if (!closing && limit == 0) {
        return;
      }
      Thread.sleep(closing ? 0 : (long) (limit * 1000));
    } catch (InterruptedException e) {
      return;
    }
    if (number == hang && !running) {
      err.println("xenolith: ended, because a model did not come back" + (closing ? "" : " (--hang-limit)"));
      err.flush();
      System.exit(ExitCode.INTERNAL_FAULT);
    }
  }
}
