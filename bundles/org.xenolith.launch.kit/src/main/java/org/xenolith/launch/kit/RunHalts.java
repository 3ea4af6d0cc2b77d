// SPDX-License-Identifier: EPL-2.0
package org.xenolith.launch.kit;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.xenolith.launch.api.RunControl;
import org.xenolith.machine.control.Machine;

/**
 * Why a machine stands still while its run isn't over: somebody has paused it, or a debugger has halted it. The machine's run has ended then, as {@code Machine.stop} ends it, and who drives
 * the run waits here, and does what the debugger wants to look at, until nobody wants it to stand still any more.
 */
final class RunHalts implements RunControl {
  private static final int NONE = -1;
  private final Machine machine;
  private final Runnable interrupted;
  private final Deque<FutureTask<?>> looks = new ArrayDeque<>();
  private Runnable listener = () -> {};
  /** Tells the person; null if there is none. */
  private @Nullable Consumer<String> person;
  private boolean paused;
  private boolean halted;
  /** Whether the machine stands still as it was halted, and that was told. */
  private boolean reported;
  /** Whether the machine was told to stop from here, and that run hasn't ended yet. */
  private boolean stopping;
  /** Whether it runs, or is about to. */
  private boolean running;
  private boolean begun;
  /** Whether a run is over and no other has begun. */
  private boolean over;
  /** Whether it stands still for a reason that is known here. */
  private boolean mine;
  /** The CPU that is to execute one instruction. */
  private int stepped = NONE;
  private volatile boolean quit;

  /** @param interrupted told on the driver's thread when somebody interrupts that */
  RunHalts(Machine machine, Runnable interrupted) {
    this.machine = machine;
    this.interrupted = interrupted;
  }

  /** Who is told, on the driver's thread, when the machine is halted. */
  synchronized void listener(Runnable newListener) {
    listener = newListener;
  }

  /** There is a person, who is told by this, and then has a prompt. */
  synchronized void attended(Consumer<String> newPerson) {
    person = newPerson;
  }

  /** A run is over, or begins; one that the machine was left in is never over. */
  synchronized void over(boolean now) {
    over = now;
  }

  @Override
  public synchronized boolean ended() {
    return over;
  }

  @Override
  public synchronized boolean attended() { return person != null; }

  @Override
  public void prompt(String text) {
    Consumer<String> now;
    synchronized (this) {
      now = person;
    }
    if (now != null) {
      now.accept(text);
    }
  }

  synchronized void pause() {
    paused = true;
    stop();
  }

  synchronized void unpause() {
    paused = false;
    notifyAll();
  }

  @Override
  public synchronized void halt() {
    if (!halted) {
      halted = true;
      reported = false;
      stop();
    }
  }

  private void stop() {
    if (running) {
      stopping = true;
      machine.stop();
    }
  }

  @Override
  public synchronized void resume() {
    halted = false;
    // A step that was halted before it began isn't what is wanted now.
    stepped = NONE;
    notifyAll();
  }

  @Override
  public synchronized void step(int cpu) {
    if (halted) {
      stepped = cpu;
      halted = false;
      notifyAll();
    }
  }

  @Override
  public <T> T look(Callable<T> look) throws InterruptedException {
    FutureTask<T> task = new FutureTask<>(look);
    synchronized (this) {
      if (over) {
        return now(look); // No run begins as long as this is held.
      }
      if (!halted || quit) {
        throw new IllegalStateException("the machine isn't halted");
      }
      looks.add(task);
      notifyAll();
    }
    try {
      return task.get();
    } catch (CancellationException e) {
      throw new IllegalStateException("the machine's run ends", e);
    } catch (ExecutionException e) {
      throw RunHalts.<RuntimeException>as(e.getCause());
    }
  }

  private static <T> T now(Callable<T> look) {
    try {
      return look.call();
    } catch (Exception e) {
      throw RunHalts.<RuntimeException>as(e);
    }
  }

  @SuppressWarnings("unchecked") // thrown as it is, checked or not
  private static <E extends Throwable> E as(Throwable thrown) throws E {
    throw (E) thrown;
  }

  @Override
  public synchronized void quit() {
    quit = true;
    looks.forEach(each -> each.cancel(false));
    looks.clear();
    notifyAll();
    machine.stop();
  }

  boolean isQuitting() { return quit; }

  /**
   * Whether the machine may run now. To be asked before each of its runs; then {@link #ended} follows. One that is halted before its first run begins it nevertheless, and is stopped before
   * its first instruction: only then its CPUs stand where they begin.
   */
  synchronized boolean begins() {
    boolean first = halted && !begun;
    running = first || !paused && !halted;
    begun = true;
    if (first) {
      stop();
    }
    mine |= !running;
    if (running && stepped != NONE) {
      machine.step(stepped);
    }
    return running;
  }

  /** A run of the machine's has ended. @param stopped whether as somebody stopped it; what was to stop it otherwise stops the next one at once */
  synchronized void ended(boolean stopped) {
    running = false;
    if (stopped) {
      mine |= stopping || stepped != NONE;
      stopping = false;
    }
  }

  /** Waits for as long as the machine is to stand still; false if that isn't why it stopped, or the run is to end. */
  boolean stoodStill() {
    boolean was = known();
    for (Runnable next; (next = next()) != null;) {
      next.run();
    }
    return was && !quit;
  }

  private synchronized boolean known() {
    boolean was = mine;
    mine = false;
    if (stepped != NONE) {
      stepped = NONE;
      reported &= halted;
      halted = true;
    }
    return was;
  }

  /** What is to be done while it stands still; null when it doesn't any more. */
  private synchronized @Nullable Runnable next() {
    while ((paused || halted) && !quit) {
      if (halted && !reported) {
        reported = true;
        return listener;
      }
      FutureTask<?> look = looks.poll();
      if (look != null) {
        return look;
      }
      try {
        wait();
      } catch (InterruptedException e) {
        interrupted.run();
      }
    }
    return null;
  }
}
