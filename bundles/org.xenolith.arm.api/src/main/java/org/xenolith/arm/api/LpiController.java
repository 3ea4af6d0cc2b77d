// SPDX-License-Identifier: EPL-2.0
package org.xenolith.arm.api;

import org.osgi.annotation.versioning.ConsumerType;

/**
 * The redistributors of a GICv3 or later, as an interrupt translation service (ITS) drives their locality-specific peripheral
 * interrupts (LPIs). A redistributor is named by its processor number, {@code GICR_TYPER.Processor_Number}, which is the CPU's
 * {@link ArmCpu#index}; an ITS whose {@code GITS_TYPER.PTA} is 1 finds it from the address. What has no redistributor, or one
 * whose {@code GICR_CTLR.EnableLPIs} is 0, or a number that isn't an LPI of it, does nothing (Arm IHI 0069H, chapter 5). Must not
 * throw. Runs on the machine's thread.
 */
@ConsumerType
public interface LpiController {
  /** Makes an LPI pending. Its configuration is read from memory unless it was pending already. */
  void setPending(int redistributor, int intid);

  /** Takes the pending state from an LPI. */
  void clearPending(int redistributor, int intid);

  /** Reads the configuration of an LPI anew: priority and enable. */
  void reload(int redistributor, int intid);

  /** Reads the configuration of every LPI anew. */
  void reloadAll(int redistributor);

  /** Moves the pending state of an LPI, if it has it, from one redistributor to another. */
  void move(int from, int to, int intid);

  /** Moves the pending state of every LPI from one redistributor to another. */
  void moveAll(int from, int to);
}
