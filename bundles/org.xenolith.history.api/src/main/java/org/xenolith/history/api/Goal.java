// SPDX-License-Identifier: EPL-2.0
package org.xenolith.history.api;

/** Where in a machine's run somebody wants to go. */
public sealed interface Goal {
  /**
   * The first moment at which so many instructions have been executed.
   *
   * @param count on all CPUs together
   */
  record Instruction(long count) implements Goal {}

  /**
   * The first moment that isn't before a virtual time.
   *
   * @param nanoseconds since power-on
   */
  record Time(long nanoseconds) implements Goal {}

  /** A moment that somebody has been at. */
  record Exactly(Moment moment) implements Goal {}
}
