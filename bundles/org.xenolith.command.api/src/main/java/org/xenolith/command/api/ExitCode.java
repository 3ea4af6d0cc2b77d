// SPDX-License-Identifier: EPL-2.0
package org.xenolith.command.api;

/** The program's exit codes: one table, for all commands. {@link ExitMeaning} says what they mean. */
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

  private ExitCode() {}
}
