// SPDX-License-Identifier: EPL-2.0
package org.xenolith.bench;

/**
 * One thing that a probe guest does often between two lines on its console, {@code PROBE NAME} and {@code PROBED NAME}.
 *
 * @param name  of a label's letters
 * @param says  what it is
 * @param times how often between its two lines
 */
record ProbeLoop(String name, String says, int times) {
  /** How often a guest goes through all works: in the first round the host still has everything to translate. */
  static final int ROUNDS = 3;
  /** How often what takes nanoseconds is done. */
  static final int MANY = 2_000_000;
  /** The loop itself, which is part of every other time. */
  static final ProbeLoop EMPTY = new ProbeLoop("empty", "the loop itself", MANY);
}
