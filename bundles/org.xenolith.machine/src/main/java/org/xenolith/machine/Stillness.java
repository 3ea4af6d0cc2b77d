package org.xenolith.machine;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;

/** Who may touch a machine: its run loop, or whoever made it stand still between two slices. */
final class Stillness {
  private final ReentrantLock lock = new ReentrantLock();
  private final AtomicInteger wanted = new AtomicInteger();
  private final Runnable attention;

  /** @param attention makes a running loop come to its next safe point soon */
  Stillness(Runnable attention) {
    this.attention = attention;
  }

  /** The run loop begins. */
  void enter() {
    lock.lock();
  }

  /** The run loop ends. */
  void leave() {
    lock.unlock();
  }

  /** The run loop is at a safe point: lets those pass who wait for it. */
  void giveWay() {
    if (wanted.get() == 0 || lock.getHoldCount() != 1) {
      return;
    }
    lock.unlock();
    boolean interrupted = false;
    synchronized (wanted) {
      while (wanted.get() > 0) {
        try {
          wanted.wait();
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    lock.lock();
  }

  /** What is done while the run loop doesn't own the machine. */
  interface Change {
    void run() throws IOException;
  }

  /**
   * The run loop, at a safe point, does something that makes this machine and others stand still itself. It must own none
   * while it waits for that, or two loops could wait for each other.
   */
  void outside(Change change) throws IOException {
    lock.unlock();
    try {
      change.run();
    } finally {
      lock.lock();
    }
  }

  /** Whether the calling thread owns the machine: as its run loop, or because it made the machine stand still. */
  boolean owned() {
    return lock.isHeldByCurrentThread();
  }

  /** Waits until the machine stands still, and keeps it so until {@link #release}. Returns at once on its own thread. */
  void acquire() {
    wanted.incrementAndGet();
    attention.run();
    lock.lock();
  }

  /** Lets the machine go on. */
  void release() {
    lock.unlock();
    synchronized (wanted) {
      wanted.decrementAndGet();
      wanted.notifyAll();
    }
  }
}
