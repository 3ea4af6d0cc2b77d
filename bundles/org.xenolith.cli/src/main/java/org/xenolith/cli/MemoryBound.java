// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cli;

/** How much of the host's memory a run takes at most, as a sentence. What of it a guest can fill is in docs/bounds.md. */
final class MemoryBound {
  private static final int MEBIBYTE = 1 << 20;

  private MemoryBound() {}

  /**
   * The sentence.
   *
   * @param heap bytes that the JVM's heap may have, which is what guests' memory outside of it may have, too
   * @param ram  bytes of the machine's RAM, which takes as much as its guest has touched
   */
  static String said(long heap, long ram) {
    long most = heap / MEBIBYTE;
    return "memory: the machine's RAM is " + ram / MEBIBYTE + " MiB; the process takes at most " + 2 * most + " MiB, " + most
        + " of Java's heap and " + most + " of guests' memory outside of it"
        + " (XENOLITH_JAVA_OPTS=-Xmx1g allows 1 GiB each), besides machine code, 64 MiB a CPU and engine, and what the JVM itself needs";
  }
}
