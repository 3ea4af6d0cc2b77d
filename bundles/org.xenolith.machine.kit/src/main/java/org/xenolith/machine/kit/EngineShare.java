// SPDX-License-Identifier: EPL-2.0
package org.xenolith.machine.kit;

/**
 * How much of the host's memory an engine may take for what it has decoded or translated. What a guest executes, it executes in its own memory; what an engine
 * makes of it is many times as large, so that no guest may have that kept for ever. It is never state: an engine that has more drops all, and makes again what is executed next.
 */
public final class EngineShare {
  /** Most bytes of all CPUs of a machine. */
  private static final long MOST = 512L << 20;
  /** What an engine may have in any case. */
  private static final long LEAST = 8L << 20;

  private EngineShare() {}

  /** Bytes for the engine of each of so many CPUs: an eighth of the heap for all of them, and no more than 512 MiB. */
  public static long bytes(int cpus) {
    return bytes(Runtime.getRuntime().maxMemory(), cpus);
  }

  static long bytes(long heap, int cpus) {
    return Math.max(LEAST, Math.min(MOST, heap / 8) / Math.max(1, cpus));
  }
}
