// SPDX-License-Identifier: EPL-2.0
package org.xenolith.machine.hang;

import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.xenolith.machine.Hardware;
import org.xenolith.machine.control.Hang;
import org.xenolith.machine.kit.HostPause;
import org.xenolith.machine.run.RunLoop;
import org.xenolith.machine.time.Governor;

/**
 * Looks, in host time and from a thread of its own, whether calls into bundles come back. No part of a machine: it reads a counter that
 * the run loop advances with each slice, and only if that stands still the stack of the thread. What it finds is said, not acted upon.
 */
public final class Watchdog {
  /** Nanoseconds from look to look. */
  static final long PERIOD = 500_000_000;
  /** How long a thread has had to come back from a call of a model ({@link FairTime}) when it is said that it hangs: 3 s. */
  static final long MODEL = 6 * PERIOD;
  /** The same for a CPU's engine, a slice of which may take longer. */
  static final long ENGINE = 20 * PERIOD;
  private static final long SECOND = 1_000_000_000;
  /** Frames that are shown. */
  private static final int FRAMES = 12;

  private final Suspects suspects;
  private final HostThreads host;
  private final List<Watch> watches = new CopyOnWriteArrayList<>();
  private Thread thread;

  /** @param suspects says whose code it is; null for a watchdog that doesn't look */
  public Watchdog(Suspects suspects) {
    this(suspects, new ProcessThreads());
  }

  Watchdog(Suspects suspects, HostThreads host) {
    this.suspects = suspects;
    this.host = host;
  }

  /** What a thread has had to come back, from now on. */
  FairTime timeOf(Thread watched) {
    FairTime time = new FairTime(host, PERIOD);
    time.begin(watched);
    return time;
  }

  /** Who says whose model threw: by the same code on the stack. */
  public Throwers throwers() {
    return new Throwers(suspects);
  }

  /**
   * Watches a thread until the result is closed.
   *
   * @param doing    what the core does
   * @param thread   whose calls they are; it may give null while there is none
   * @param progress changes as calls come back
   * @param about    the machines that it is about
   */
  public Watch watch(String doing, Supplier<Thread> thread, LongSupplier progress, Supplier<List<Hardware>> about) {
    Watch watch = new Watch(doing, thread, progress, about);
    if (suspects != null) {
      watches.add(watch);
      begin();
    }
    return watch;
  }

  /** Watches the calling thread until the result is closed. */
  public Watch section(String doing, Supplier<List<Hardware>> about) {
    Thread caller = Thread.currentThread();
    return watch(doing, () -> caller, () -> 0, about);
  }

  private synchronized void begin() {
    if (thread == null && suspects != null) {
      thread = host.begin("xenolith watchdog", this::look);
    }
  }

  /** Ends when there has been nothing to look at for a period. */
  private void look() {
    for (;;) {
      HostPause.nanoseconds(PERIOD);
      for (Watch watch : watches) {
        look(watch);
      }
      synchronized (this) {
        if (watches.isEmpty()) {
          thread = null;
          return;
        }
      }
    }
  }

  /** Without memory nothing is seen this time; who looks must be there when there is some again. */
  private static void look(Watch watch) {
    try {
      watch.look();
    } catch (OutOfMemoryError e) {
      watch.forgetLooks();
    }
  }

  /** What hangs now and is about a machine; null if nothing. */
  public Watch hanging(Hardware hardware) {
    for (Watch watch : watches) {
      if (watch.hang() != null && watch.about.get().contains(hardware)) {
        return watch;
      }
    }
    return null;
  }

  /** One thread that is looked at. */
  public final class Watch implements AutoCloseable {
    private final String doing;
    private final Supplier<Thread> thread;
    private final LongSupplier progress;
    private final Supplier<List<Hardware>> about;
    private long last = Long.MIN_VALUE;
    private Thread lastThread;
    private final FairTime time = new FairTime(host, PERIOD);
    private final Standing standing = new Standing((int) (MODEL / PERIOD) * FairTime.LEAST);
    private long since;
    private volatile long had;
    private volatile StackTraceElement[] common;
    private volatile Suspects.Suspect suspect;
    private volatile boolean hangs;

    private Watch(String doing, Supplier<Thread> thread, LongSupplier progress, Supplier<List<Hardware>> about) {
      this.doing = doing;
      this.thread = thread;
      this.progress = progress;
      this.about = about;
    }

    /** The call that doesn't come back, or null. */
    public Hang hang() {
      return hangs ? said() : null;
    }

    private Hang said() {
      Suspects.Suspect who = suspect;
      StackTraceElement[] stack = common;
      if (who == null || stack == null) {
        return null;
      }
      return new Hang(who.slot() == null ? "" : who.slot().instance(), who.provider().bundle(), who.provider().version(), doing,
          had, Arrays.stream(stack).map(StackTraceElement::toString).toList());
    }

    /** Whose code it is; null if it isn't known to hang. */
    Suspects.Suspect suspect() {
      return hangs ? suspect : null;
    }

    Thread thread() {
      return thread.get();
    }

    long progress() {
      return progress.getAsLong();
    }

    /** It was taken off: what hung is no concern any more. */
    synchronized void over() {
      hangs = false;
      standing.clear();
    }

    /** Looks once; the watchdog's thread does that every {@link #PERIOD}. */
    synchronized void look() {
      long now = progress.getAsLong();
      Thread at = thread.get();
      if (at == null || now != last || at != lastThread) {
        last = now;
        lastThread = at;
        forget();
        begin(at);
        return;
      }
      if (LockSupport.getBlocker(at) instanceof Governor || LockSupport.getBlocker(at) instanceof RunLoop) {
        // It waits for the guest's time to come, or for an engine: at nobody's door.
        standing.clear();
        begin(at);
        return;
      }
      if (standing.isEmpty()) {
        since = host.now() - PERIOD;
      }
      standing.add(host.stack(at), time.next());
      had = standing.time();
      StackTraceElement[] same = standing.common(MODEL);
      if (same == null) {
        return;
      }
      List<Hardware> machines = about.get();
      Suspects.Suspect who = suspects.of(same, machines.size() == 1 ? machines.getFirst() : null);
      if (hangs && (who == null || !who.provider().equals(suspect.provider()))) {
        forget();
      } else if (hangs) {
        common = same;
      } else if (who != null && had >= (who.engine() ? ENGINE : MODEL)) {
        suspect = who;
        common = same;
        tell("model-hangs", said() + clock() + ", " + doing + stack());
        hangs = true;
      }
    }

    private synchronized void forgetLooks() {
      standing.clear();
    }

    private void begin(Thread at) {
      if (at != null) {
        time.begin(at);
      }
    }

    private long clockSeconds() {
      return (host.now() - since) / SECOND;
    }

    /** Where a busy host gave its thread far less than passed. */
    private String clock() {
      return clockSeconds() > had / SECOND + 1 ? " of its own, " + clockSeconds() + " s by the clock of a busy host" : "";
    }

    private String stack() {
      StringBuilder text = new StringBuilder();
      for (int i = 0; i < Math.min(common.length, FRAMES); i++) {
        text.append("\n    at ").append(common[i]);
      }
      return text.toString();
    }

    private void forget() {
      standing.clear();
      if (hangs) {
        Hang over = said();
        hangs = false;
        tell("model-came-back", over.bundle() + " " + over.version() + " came back after " + clockSeconds() + " s");
      }
      suspect = null;
      common = null;
    }

    private void tell(String kind, String text) {
      Suspects.Suspect who = suspect;
      String place = who.slot() == null ? who.provider().bundle() : who.slot().instance();
      about.get().forEach(hardware -> hardware.events.announce(kind, place, text));
    }

    @Override
    public void close() {
      watches.remove(this);
    }
  }
}
