// SPDX-License-Identifier: EPL-2.0
package org.xenolith.launch.kit;

import java.util.function.Consumer;

/**
 * A model that doesn't come back while no guest runs: where a machine is made, or taken leave of. The thread that leads the machine's life
 * is in that call then, so that somebody else must decide what becomes of it. Any thread.
 */
public final class HangOutsideRun {
  /** Kind of the event by which a machine tells that a model doesn't come back. */
  public static final String HANGS = "model-hangs";
  private static final String CAME_BACK = "model-came-back";
  private final Consumer<String> decides;
  private boolean running;
  private String who = "";
  private int number;

  /** @param decides is called when a model hangs, with a line that says which and since when */
  public HangOutsideRun(Consumer<String> decides) {
    this.decides = decides;
  }

  /** A guest runs from now on, on a thread of its own, or no longer. */
  public synchronized void runs(boolean now) {
    running = now;
  }

  /** An event of the machine. */
  public void event(String kind, String place, String text) {
    String line;
    synchronized (this) {
      if (kind.equals(CAME_BACK)) {
        over();
      }
      if (!kind.equals(HANGS) || running) {
        return;
      }
      number++;
      line = text.lines().findFirst().orElse(text);
      who = line;
    }
    decides.accept(line);
  }

  /** It has come back. */
  public synchronized void over() {
    number++;
    who = "";
  }

  /** Which model hangs and since when; empty while none does. */
  public synchronized String who() {
    return who;
  }

  /** Stands for the call that hangs now: another number is another call, or none. */
  public synchronized int number() {
    return number;
  }

  /** Whether the call of this number still hangs, and no guest runs. */
  public synchronized boolean lasts(int call) {
    return call == number && !running;
  }
}
