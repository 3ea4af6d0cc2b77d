// SPDX-License-Identifier: EPL-2.0
package org.xenolith.command.api;

import java.util.Arrays;
import java.util.SortedMap;
import java.util.TreeMap;

/** What each exit code means, the worst first: what is no fault of the guest's leaves open what the guest would have done. */
public enum ExitMeaning {
  /** {@link ExitCode#INTERNAL_FAULT}. */
  FAULT(ExitCode.INTERNAL_FAULT, "a fault of a bundle, or one of ours"),
  /** {@link ExitCode#BAD_INPUT}. */
  INPUT(ExitCode.BAD_INPUT, "wrong usage or input"),
  /** {@link ExitCode#GUEST_FAILED}. */
  GUEST(ExitCode.GUEST_FAILED,
      "the guest failed: it panicked, asked for a reset or waits for ever; or a check, a test or a comparison failed"),
  /** {@link ExitCode#LIMIT}. */
  LIMIT(ExitCode.LIMIT, "a limit was reached"),
  /** {@link ExitCode#NOT_SEEN}. */
  UNSEEN(ExitCode.NOT_SEEN,
      "what was to be seen was not: the text to stop at, what a step waits for, or anything where no console has a model"),
  /** {@link ExitCode#DONE}. */
  EXPECTED(ExitCode.DONE, "as expected: the marker was seen, the guest powered off, everything passed");

  private final int code;
  private final String words;

  ExitMeaning(int code, String words) {
    this.code = code;
    this.words = words;
  }

  /** What the process ends with. */
  public int code() {
    return code;
  }

  /** The table as help texts show it: each code and what it means, in order. */
  public static SortedMap<Integer, String> table() {
    SortedMap<Integer, String> table = new TreeMap<>();
    Arrays.stream(values()).forEach(meaning -> table.put(meaning.code, meaning.words));
    return table;
  }

  /** The code for two things of which each has one: a fault of ours counts before bad input, that before the guest, a limit, and what was not seen. */
  public static int worst(int one, int other) {
    return Arrays.stream(values()).mapToInt(ExitMeaning::code).filter(code -> code == one || code == other).findFirst().orElse(one);
  }
}
