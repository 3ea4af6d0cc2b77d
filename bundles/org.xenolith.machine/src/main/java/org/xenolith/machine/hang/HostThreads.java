// SPDX-License-Identifier: EPL-2.0
package org.xenolith.machine.hang;

/** What the watchdog asks its host about time and threads. Another one than the process's own is a host with any load, for tests. */
interface HostThreads {
  /** Nanoseconds of a clock that never stands still. */
  long now();

  /** Nanoseconds for which CPUs of the host have executed a thread, as far as the host says; negative where it doesn't. */
  long cpuTime(Thread thread);

  /** What a thread is at now. */
  Thread.State state(Thread thread);

  /** Where a thread is now, innermost frame first. */
  StackTraceElement[] stack(Thread thread);

  /** Does something on a thread of its own that keeps no process alive. Returns that thread. */
  Thread begin(String name, Runnable task);
}
