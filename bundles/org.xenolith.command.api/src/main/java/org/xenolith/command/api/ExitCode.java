// SPDX-License-Identifier: EPL-2.0
package org.xenolith.command.api;

import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** What the program's exit codes mean: one table, for all commands. */
public final class ExitCode {
  /** The marker was seen, the guest powered off, every scenario passed: what was asked for was done. */
  public static final int DONE = 0;
  /** The guest failed: a panic, an unexpected reset, or idle for ever; or a scenario's check, a test or a comparison did. */
  public static final int GUEST_FAILED = 1;
  /** Wrong usage or bad input. */
  public static final int BAD_INPUT = 2;
  /** A limit was reached. */
  public static final int LIMIT = 3;
  /** A fault of ours, or of a bundle. */
  public static final int INTERNAL_FAULT = 4;
  /**
   * What was to be seen was not: the text at which a run was to stop, or what a scenario's step waits for; or no console could have shown
   * anything.
   */
  public static final int NOT_SEEN = 5;

  /** The worst first: what is no fault of the guest's leaves open what the guest would have done. */
  private static final List<Integer> BY_WEIGHT = List.of(INTERNAL_FAULT, BAD_INPUT, GUEST_FAILED, LIMIT, NOT_SEEN, DONE);

  private ExitCode() {}

  /** The table as help texts show it: each code and what it means, in order. */
  public static SortedMap<Integer, String> meanings() {
    SortedMap<Integer, String> table = new TreeMap<>();
    table.put(DONE, "as expected: the marker was seen, the guest powered off, everything passed");
    table.put(GUEST_FAILED,
        "the guest failed: it panicked, asked for a reset or waits for ever; or a check, a test or a comparison failed");
    table.put(BAD_INPUT, "wrong usage or input");
    table.put(LIMIT, "a limit was reached");
    table.put(INTERNAL_FAULT, "a fault of a bundle, or one of ours");
    table.put(NOT_SEEN,
        "what was to be seen was not: the text to stop at, what a step waits for, or anything where no console has a model");
    return Collections.unmodifiableSortedMap(table);
  }

  /** The code for two things of which each has one: a fault of ours counts before bad input, that before the guest, a limit, and what was not seen. */
  public static int worst(int one, int other) {
    return BY_WEIGHT.indexOf(one) < BY_WEIGHT.indexOf(other) ? one : other;
  }
}
