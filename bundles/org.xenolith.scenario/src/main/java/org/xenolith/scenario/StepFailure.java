// SPDX-License-Identifier: EPL-2.0
package org.xenolith.scenario;

/** A step that did not pass: what was expected and what happened instead, a line each. */
final class StepFailure extends RuntimeException {
  private static final long serialVersionUID = 1L;
  private final String expected;
  private final String instead;

  StepFailure(String expected, String instead) {
    super(expected + "; " + instead);
    this.expected = expected;
    this.instead = instead;
  }

  String expected() {
    return expected;
  }

  String instead() {
    return instead;
  }
}
