// SPDX-License-Identifier: EPL-2.0
package org.xenolith.arm.api;

import org.osgi.annotation.versioning.ConsumerType;

/**
 * What counts on a CPU ({@link ArmCpu#monitor}): performance monitors. It is told what it asked for with {@link ArmCpu#watch},
 * on the machine's thread, while {@link ArmCpu#retired} and the clock are exact. Nothing that it isn't asked for costs anything.
 */
@ConsumerType
public interface CpuMonitor {
  /** In {@link ArmCpu#watch}: exceptions, their return and changes of the exception level. */
  int LEVELS = 1;
  /** In {@link ArmCpu#watch}: branches. The CPU interprets while somebody asks for them, on whatever engine. */
  int BRANCHES = 2;

  /** A branch to a fixed target, taken or not. */
  int IMMEDIATE = 1;
  /** RET. */
  int RETURN = 2;
  /** The branch changed where execution goes on. A conditional one to the next instruction never does. */
  int TAKEN = 4;
  /** ERET. */
  int EXCEPTION_RETURN = 8;

  /** The CPU was powered on and is at its reset level; it has executed nothing yet. */
  void poweredUp();

  /** An exception is being taken; {@link ArmCpu#exceptionLevel} is still that of who is interrupted. */
  void exceptionTaken();

  /** An exception return is being executed; {@link ArmCpu#exceptionLevel} is still that of who returns. */
  void exceptionReturns();

  /** An exception was taken or returned from, or software wrote MDCR_EL2, MDCR_EL3 or SCR_EL3. */
  void contextChanged();

  /** A branch was executed to its end; it isn't in {@link ArmCpu#retired} yet. @param kind what it is, {@link #IMMEDIATE} and so on */
  void branched(int level, int kind);

  /** {@link ArmCpu#retired} has reached what {@link ArmCpu#watch} was given: before the next instruction, and before an interrupt. */
  void retiredReached();
}
