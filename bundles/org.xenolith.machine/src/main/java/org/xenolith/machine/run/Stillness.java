// SPDX-License-Identifier: EPL-2.0
package org.xenolith.machine.run;

import java.io.IOException;
import java.util.function.Supplier;
import org.xenolith.machine.api.ModelException;

/** Who may touch a machine: its run loop, or whoever made it stand still between two slices. */
public final class Stillness {
  /** Milliseconds after which who waits looks again whether it is in vain. */
  private static final long PATIENCE = 200;
  private final Runnable attention;
  private final Supplier<String> stuck;
  private Thread owner;
  private int holds;
  private int wanted;

  /**
   * @param attention makes a running loop come to its next safe point soon
   * @param stuck     why the run loop will not come to a safe point; null as far as is known
   */
  Stillness(Runnable attention, Supplier<String> stuck) {
    this.attention = attention;
    this.stuck = stuck;
  }

  /** The run loop begins. */
  void enter() {
    take(false);
  }

  /** The run loop ends. */
  synchronized void leave() {
    if (owner == Thread.currentThread() && --holds == 0) {
      owner = null;
      notifyAll();
    }
  }

  /** Returns once the calling thread owns the machine, or, if it may give up, with false when that is in vain. */
  private synchronized boolean take(boolean mayGiveUp) {
    boolean interrupted = false;
    Thread me = Thread.currentThread();
    while (owner != null && owner != me) {
      if (mayGiveUp && stuck.get() != null) {
        return false;
      }
      try {
        wait(PATIENCE);
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    owner = me;
    holds++;
    if (interrupted) {
      me.interrupt();
    }
    return true;
  }

  /** The run loop is at a safe point: lets those pass who wait for it. */
  synchronized void giveWay() {
    if (wanted == 0 || holds != 1 || owner != Thread.currentThread()) {
      return;
    }
    leave();
    boolean interrupted = false;
    while (wanted > 0) {
      try {
        wait();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    enter();
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** What is done while the run loop doesn't own the machine. */
  public interface Change {
    void run() throws IOException;
  }

  /**
   * The run loop, at a safe point, does something that makes this machine and others stand still itself. It must own none
   * while it waits for that, or two loops could wait for each other.
   */
  public void outside(Change change) throws IOException {
    leave();
    try {
      change.run();
    } finally {
      enter();
    }
  }

  /** Whether the calling thread owns the machine: as its run loop, or because it made the machine stand still. */
  public synchronized boolean owned() {
    return owner == Thread.currentThread();
  }

  /**
   * Waits until the machine stands still, and keeps it so until {@link #release}. Returns at once on its own thread.
   *
   * @throws ModelException if it never will, because a model hangs
   */
  public void acquire() {
    synchronized (this) {
      wanted++;
    }
    attention.run();
    if (!take(true)) {
      synchronized (this) {
        wanted--;
        notifyAll();
      }
      throw new ModelException("the machine can't stand still: " + stuck.get());
    }
  }

  /** Lets the machine go on. */
  public synchronized void release() {
    leave();
    wanted--;
    notifyAll();
  }

  /** A thread that owned it will never give it back. */
  synchronized void abandon(Thread lost) {
    if (owner == lost) {
      owner = null;
      holds = 0;
      notifyAll();
    }
  }
}
