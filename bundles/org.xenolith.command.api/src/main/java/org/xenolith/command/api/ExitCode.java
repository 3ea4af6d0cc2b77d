// SPDX-License-Identifier: EPL-2.0
package org.xenolith.command.api;

/** What the program's exit codes mean. */
public final class ExitCode {
  /** The marker was seen, the guest powered off, every scenario passed: what was asked for was done. */
  public static final int DONE = 0;
  /** The guest failed: an unexpected reset, or idle for ever; or a scenario failed. */
  public static final int GUEST_FAILED = 1;
  /** Wrong usage or bad input. */
  public static final int BAD_INPUT = 2;
  /** A limit was reached. */
  public static final int LIMIT = 3;
  /** A fault of ours. */
  public static final int INTERNAL_FAULT = 4;

  private ExitCode() {}
}
