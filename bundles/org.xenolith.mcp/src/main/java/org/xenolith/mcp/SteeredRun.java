// SPDX-License-Identifier: EPL-2.0
package org.xenolith.mcp;

import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.xenolith.command.api.BadInput;
import org.xenolith.launch.api.Debugger;
import org.xenolith.launch.api.RunControl;
import org.xenolith.machine.control.Machine;

/** The run of a machine as a client has it: it stands still, from before its first instruction on, but while it is told to go on. Its tools are used one at a time. */
final class SteeredRun implements Debugger.Session {
  /** How long a machine may take to come to a safe point. */
  private static final int PATIENCE_SECONDS = 30;
  private static final long SOON_MILLISECONDS = 500;
  private final ConsoleText console;
  private Machine machine;
  private RunControl control;
  private boolean stands;
  private boolean over;
  /** How the run has ended, in a sentence. */
  private String end = "";
  /** What a person would have been told of the latest stop. */
  private String stop = "";
  /** Why the machine was halted, if it was from here. */
  private String why = "";

  SteeredRun(ConsoleText console) {
    this.console = console;
  }

  /** There is a machine, which is halted before its first instruction. */
  void begin(Machine newMachine, RunControl newControl) {
    machine = newMachine;
    control = newControl;
    control.halt();
  }

  Machine machine() {
    return machine;
  }

  // ---- What the machine's driver tells

  @Override
  public synchronized void halted() {
    stands = true;
    notifyAll();
  }

  /** What is told to who has a prompt. */
  synchronized void prompted(String text) {
    stop = text;
  }

  /** The run has ended. @param how in a sentence */
  synchronized void ended(String how) {
    over = true;
    end = how;
    notifyAll();
  }

  @Override
  public void close() {
    ended(end);
  }

  // ---- What a client wants

  /** How the run has ended; empty while it hasn't. */
  synchronized Optional<String> end() {
    return over ? Optional.of(end) : Optional.empty();
  }

  /** Does something while the machine stands between two instructions. */
  <T> T look(Callable<T> what) {
    awaitStanding(PATIENCE_SECONDS);
    try {
      return control.look(what);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new BadInput("given up");
    } catch (IllegalStateException e) {
      throw new BadInput("the machine's run ends");
    }
  }

  /**
   * Lets the machine go on until something halts it, or its run ends.
   *
   * @param text        on its console at which it is halted; null for none
   * @param nanoseconds virtual time at which it is; empty for none
   * @param seconds     of the host, after which it is halted wherever it is
   * @return why it stands, with the end of a line; empty if its run has ended
   */
  String go(Pattern text, OptionalLong nanoseconds, int seconds) {
    if (end().isPresent()) {
      throw new BadInput("the machine's run has ended (" + end + "); what it has can be looked at");
    }
    TimeWatch watch = new TimeWatch(machine, nanoseconds.orElse(Long.MAX_VALUE), () -> halt("the time has come"));
    look(() -> {
      if (nanoseconds.isPresent()) {
        machine.watch(watch);
      }
      if (text != null) {
        console.await(text, () -> halt("'" + text + "' was seen"));
      }
      return null;
    });
    synchronized (this) {
      stands = false;
      stop = "";
      why = "";
    }
    control.resume();
    boolean givenUp = false;
    try {
      if (!awaitUntil(seconds)) {
        halt("it was halted after " + seconds + " s of the host's time");
      }
    } catch (InterruptedException e) {
      givenUp = true;
      halt("it was halted, as nobody waits for it any more");
    }
    awaitStanding(PATIENCE_SECONDS);
    // Whoever hears of the halt has heard of it when this is done.
    look(() -> {
      machine.forget(watch);
      console.forget();
      return null;
    });
    if (givenUp) {
      Thread.currentThread().interrupt();
    }
    synchronized (this) {
      return over ? "" : !stop.isEmpty() ? stop : why.isEmpty() ? "halted\n" : why + "\n";
    }
  }

  /** Also on the machine's thread. */
  private void halt(String reason) {
    synchronized (this) {
      why = why.isEmpty() ? reason : why;
    }
    control.halt();
  }

  private void awaitStanding(int seconds) {
    try {
      if (!awaitUntil(seconds)) {
        throw new BadInput("the machine didn't come to a safe point within " + seconds + " s");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new BadInput("given up");
    }
  }

  /** How far it is while it runs, for people; empty while it stands. Any thread. */
  String far() {
    synchronized (this) {
      if (stands || over) {
        return "";
      }
    }
    // Seen on its thread only, which may be busy for long.
    CompletableFuture<String> text = new CompletableFuture<>();
    machine.post(() -> text.complete("at %,d instructions, %.6f virtual seconds".formatted(machine.instructions(), machine.now() / 1e9)));
    return text.completeOnTimeout("", SOON_MILLISECONDS, TimeUnit.MILLISECONDS).join();
  }

  /** Waits until it stands, or its run has ended; false if it did neither in so many seconds. */
  private synchronized boolean awaitUntil(int seconds) throws InterruptedException {
    long last = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
    while (!stands && !over) {
      long left = TimeUnit.NANOSECONDS.toMillis(last - System.nanoTime());
      if (left <= 0) {
        return false;
      }
      wait(left);
    }
    return true;
  }
}
