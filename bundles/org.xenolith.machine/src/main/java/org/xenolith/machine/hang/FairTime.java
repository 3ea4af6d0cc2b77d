// SPDX-License-Identifier: EPL-2.0
package org.xenolith.machine.hang;

/**
 * How long a thread has had to come back, look by look. On a host with more to do than it has CPUs that isn't the time that passes: a thread that could run, and is not let,
 * has had none. So what counts of the time between two looks is
 * <ul>
 * <li>all of it, if the thread waits, sleeps or is blocked: no host's load keeps it from coming back;</li>
 * <li>all of it, if it could run for all that the JVM knows, used no CPU time at all, and the host let the looker look in time: it waits in native code;</li>
 * <li>else the CPU time that it had, but never less than one part in {@link #LEAST}: what doesn't come back is named, however busy the host is.</li>
 * </ul>
 * CPU time is asked for from the first look on, of which the least counts.
 */
final class FairTime {
  /** The part of the host's time that counts at least. A host with ten threads for each CPU gives each a tenth. */
  static final int LEAST = 20;
  /** Less CPU time than this between two looks is none: what a timer's tick or the collection of garbage may be booked as. */
  private static final int NOTHING = 500;
  /** A look that comes later than by this part of the time between two is late. */
  private static final int LATE = 5;
  /** Between two looks lies a bit less or more than the time between two. */
  private static final int BIT = 10;

  private static final long NOT_ASKED = Long.MIN_VALUE;

  private final HostThreads host;
  private final long period;
  private Thread thread;
  private long looked;
  private long used;

  /** @param period nanoseconds between two looks */
  FairTime(HostThreads host, long period) {
    this.host = host;
    this.period = period;
  }

  /** A thread is to come back from now on. Asks no CPU time: most calls come back before they are looked at. */
  void begin(Thread next) {
    thread = next;
    looked = host.now();
    used = NOT_ASKED;
  }

  /** What the thread had since it was looked at last, of a period at most; that much may count for a look however late that is. */
  long next() {
    long now = host.now();
    long cpu = host.cpuTime(thread);
    boolean late = now - looked >= period + period / LATE;
    boolean first = used == NOT_ASKED;
    long had = first ? 0 : cpu - used;
    looked = now;
    used = cpu;
    if (cpu < 0 || host.state(thread) != Thread.State.RUNNABLE) {
      return period;
    }
    if (!first && !late && had < period / NOTHING || had >= period - period / BIT) {
      return period;
    }
    return Math.max(had, period / LEAST);
  }
}
