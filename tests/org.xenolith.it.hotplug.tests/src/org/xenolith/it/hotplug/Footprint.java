// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.hotplug;

import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;

/**
 * Memory of the JVM in use after a full collection.
 *
 * @param heap      bytes of live objects
 * @param metaspace bytes of classes
 * @param classes   number of loaded classes
 */
record Footprint(long heap, long metaspace, int classes) {
  /** Collects and measures. */
  static Footprint now() {
    // Class loaders die in stages: what a finalizer or a cleaner still held is gone the next time.
    for (int i = 0; i < 3; i++) {
      System.gc();
    }
    long metaspace = ManagementFactory.getMemoryPoolMXBeans().stream().filter(p -> p.getName().equals("Metaspace"))
        .mapToLong(Footprint::used).sum();
    return new Footprint(ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed(), metaspace,
        ManagementFactory.getClassLoadingMXBean().getLoadedClassCount());
  }

  private static long used(MemoryPoolMXBean pool) {
    return pool.getUsage().getUsed();
  }

  @Override
  public String toString() {
    return "heap %.1f MiB, metaspace %.2f MiB, %d classes".formatted(heap / 1048576.0, metaspace / 1048576.0, classes);
  }
}
