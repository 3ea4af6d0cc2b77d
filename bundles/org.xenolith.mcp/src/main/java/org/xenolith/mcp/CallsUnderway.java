// SPDX-License-Identifier: EPL-2.0
package org.xenolith.mcp;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import org.xenolith.command.api.BadInput;

/**
 * The calls of tools that a client waits for: one at a time is executed, in the order in which they come. Each can be given up by an interrupt of the thread that executes it, and tells every two
 * seconds that it is at work. Source: Model Context Protocol, 2025-11-25, utilities, "Cancellation" and "Progress".
 */
final class CallsUnderway {
  private static final long PERIOD_MILLISECONDS = 2_000;

  /** One of them. */
  private static final class Call {
    /** Who executes it; null before and after. */
    private Thread executes;
    private boolean cancelled;
  }

  /** By what the client calls them, from when they were read until they are answered. */
  private final Map<Object, Call> calls = new LinkedHashMap<>();
  private final ReentrantLock turn = new ReentrantLock(true);
  private final Supplier<String> far;
  private volatile String latest = "";

  /** @param far how far the machine is, for people; empty if it stands. Any thread */
  CallsUnderway(Supplier<String> far) {
    this.far = far;
  }

  /** A client has called. @param id what it calls that */
  synchronized void asked(Object id) {
    calls.put(id, new Call());
  }

  /** The client doesn't wait any more. One that isn't waited for at all is none. */
  synchronized void cancel(Object id) {
    Call call = calls.get(id);
    if (call != null && !call.cancelled) {
      call.cancelled = true;
      if (call.executes != null) {
        call.executes.interrupt();
      }
    }
  }

  /** There is an answer. Returns whether the client still waits for it. */
  synchronized boolean answered(Object id) {
    Call call = calls.remove(id);
    return call == null || !call.cancelled;
  }

  /** What people are told meanwhile. */
  void report(String line) {
    latest = line.strip();
  }

  /**
   * Executes one when it is its turn.
   *
   * @param id       as the client calls it; null if it can't be given up
   * @param progress hears now and then how many seconds it has taken, and how far it is; null if nobody does. Another thread
   * @throws BadInput if it is given up before its turn
   */
  <T> T execute(Object id, BiConsumer<Double, String> progress, Callable<T> what) throws Exception {
    Call call = begin(id);
    try {
      turn.lockInterruptibly();
      try (Ticker ticker = new Ticker(progress)) {
        return what.call();
      } finally {
        turn.unlock();
      }
    } catch (InterruptedException e) {
      throw new BadInput("given up");
    } finally {
      end(call);
    }
  }

  private synchronized Call begin(Object id) {
    Call known = id == null ? null : calls.get(id);
    Call call = known == null ? new Call() : known;
    if (call.cancelled) {
      throw new BadInput("given up");
    }
    call.executes = Thread.currentThread();
    return call;
  }

  /** The thread is the SDK's, which nobody else interrupts. */
  private synchronized void end(Call call) {
    call.executes = null;
    Thread.interrupted();
  }

  /** Tells of one call while it is executed. */
  private final class Ticker implements AutoCloseable {
    private final Thread thread;

    Ticker(BiConsumer<Double, String> progress) {
      latest = "at work";
      thread = progress == null ? null : Thread.ofPlatform().daemon().name("progress").start(() -> tick(progress));
    }

    private void tick(BiConsumer<Double, String> progress) {
      long begin = System.nanoTime();
      try {
        for (;;) {
          Thread.sleep(PERIOD_MILLISECONDS);
          String text = far.get();
          progress.accept((System.nanoTime() - begin) / 1e9, text.isEmpty() ? latest : text);
        }
      } catch (InterruptedException e) {
        // The call is over.
      } catch (RuntimeException e) {
        // The client is gone, or hears of nothing: the call goes on.
      }
    }

    /** Nothing is told of it any more. */
    @Override
    public void close() {
      if (thread == null) {
        return;
      }
      thread.interrupt();
      boolean interrupted = Thread.interrupted();
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
