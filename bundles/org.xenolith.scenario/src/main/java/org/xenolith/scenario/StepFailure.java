// SPDX-License-Identifier: EPL-2.0
package org.xenolith.scenario;

import org.xenolith.command.api.ExitCode;
import org.xenolith.command.api.OptionName;

/** A step that did not pass: what was expected and what happened instead, a line each. */
final class StepFailure extends RuntimeException {
  private static final long serialVersionUID = 1L;
  private final String expected;
  private final String instead;
  private final int exitCode;

  /** The guest did something else. */
  StepFailure(String expected, String instead) {
    this(ExitCode.GUEST_FAILED, expected, instead);
  }

  /** @param exitCode what kind of failure it is, of {@link ExitCode} */
  StepFailure(int exitCode, String expected, String instead) {
    super(OptionName.onCommandLine(expected + "; " + instead));
    this.exitCode = exitCode;
    this.expected = OptionName.onCommandLine(expected);
    this.instead = OptionName.onCommandLine(instead);
  }

  int exitCode() {
    return exitCode;
  }

  String expected() {
    return expected;
  }

  String instead() {
    return instead;
  }
}
