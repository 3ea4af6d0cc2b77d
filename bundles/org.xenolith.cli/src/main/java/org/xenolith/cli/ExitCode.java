package org.xenolith.cli;

/** What the program's exit codes mean. */
final class ExitCode {
  /** The marker was seen or the guest powered off. */
  static final int DONE = 0;
  /** The guest failed: an unexpected reset, or idle for ever. */
  static final int GUEST_FAILED = 1;
  /** Wrong usage or bad input. */
  static final int BAD_INPUT = 2;
  /** A limit was reached. */
  static final int LIMIT = 3;
  /** A fault of ours. */
  static final int INTERNAL_FAULT = 4;

  private ExitCode() { }
}
