// SPDX-License-Identifier: EPL-2.0
package org.xenolith.scenario.api;

import java.nio.file.Path;
import java.util.List;

/**
 * What became of a scenario.
 *
 * @param file               the file
 * @param name               its name: the file's without the ending
 * @param steps              all its steps in order; the first is the launch
 * @param report             why it failed, for a person, several lines: step, line, what was expected, virtual time, the
 *                           last console lines; empty if it passed
 * @param digest             SHA-256 of the machine's state at the end, in hexadecimal; empty if there was none
 * @param virtualNanoseconds guest time at the end
 * @param instructions       guest instructions executed
 * @param hostNanoseconds    host time it took
 */
public record ScenarioResult(Path file, String name, List<StepResult> steps, String report, String digest,
    long virtualNanoseconds, long instructions, long hostNanoseconds) {
  /** Copies the list. */
  public ScenarioResult {
    steps = List.copyOf(steps);
  }

  /** Whether every step passed. */
  public boolean passed() {
    return steps.stream().allMatch(step -> step.outcome() == Outcome.PASSED);
  }

  /**
   * What became of a step.
   *
   * @param number          1 and up in the file's order; 0 is the launch
   * @param line            where it begins in the file, 1 and up
   * @param text            the step in a few words
   * @param outcome         how it went
   * @param reason          why it did not pass, one line; empty if it did
   * @param hostNanoseconds host time it took
   */
  public record StepResult(int number, int line, String text, Outcome outcome, String reason, long hostNanoseconds) {}

  /** How a step went. */
  public enum Outcome {
    /** As expected. */
    PASSED,
    /** Not as expected. */
    FAILED,
    /** It can't be told: a fault of ours. */
    BROKEN,
    /** Not tried, since one before it did not pass. */
    SKIPPED
  }
}
