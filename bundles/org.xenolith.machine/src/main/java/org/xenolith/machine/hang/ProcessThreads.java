// SPDX-License-Identifier: EPL-2.0
package org.xenolith.machine.hang;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;

/** The threads of this process. */
final class ProcessThreads implements HostThreads {
  /** Begun when a thread stands at a place for the first time: most runs never need it. */
  private static final class Bean {
    private static final ThreadMXBean THREADS = threads();

    private static ThreadMXBean threads() {
      try {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        return threads.isThreadCpuTimeSupported() && threads.isThreadCpuTimeEnabled() ? threads : null;
      } catch (OutOfMemoryError | LinkageError | RuntimeException without) {
        return null; // a JVM without that module, or without memory: all of the host's time counts
      }
    }
  }

  @Override
  public long now() {
    return System.nanoTime();
  }

  @Override
  public long cpuTime(Thread thread) {
    return Bean.THREADS == null ? -1 : Bean.THREADS.getThreadCpuTime(thread.threadId());
  }

  @Override
  public Thread.State state(Thread thread) {
    return thread.getState();
  }

  @Override
  public StackTraceElement[] stack(Thread thread) {
    return thread.getStackTrace();
  }

  @Override
  public Thread begin(String name, Runnable task) {
    return Thread.ofPlatform().daemon().name(name).start(task);
  }
}
