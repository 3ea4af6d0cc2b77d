// SPDX-License-Identifier: EPL-2.0
package org.xenolith.scenario.api;

import java.nio.file.Path;
import java.util.List;
import org.xenolith.command.api.ExitCode;
import org.xenolith.command.api.ExitMeaning;

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

  /** What a program ends with that ran it, of {@link ExitCode}: the worst of its steps. */
  public int exitCode() {
    return steps.stream().mapToInt(StepResult::exitCode).reduce(ExitCode.DONE, ExitMeaning::worst);
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
   * @param exitCode        why it did not pass, of {@link ExitCode}; {@link ExitCode#DONE} if it did or was not tried
   */
  public record StepResult(int number, int line, String text, Outcome outcome, String reason, long hostNanoseconds, int exitCode) {
    /** One of which no more is known than its outcome. */
    public StepResult(int number, int line, String text, Outcome outcome, String reason, long hostNanoseconds) {
      this(number, line, text, outcome, reason, hostNanoseconds, switch (outcome) {
        case PASSED, SKIPPED -> ExitCode.DONE;
        case FAILED -> ExitCode.GUEST_FAILED;
        case BROKEN -> ExitCode.INTERNAL_FAULT;
      });
    }
  }

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
