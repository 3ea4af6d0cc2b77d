// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.smmuv3;

import static org.xenolith.hw.smmuv3.SmmuRegister.GERROR;
import static org.xenolith.hw.smmuv3.SmmuRegister.GERRORN;
import static org.xenolith.hw.smmuv3.SmmuRegister.GERROR_IRQ_CFG0;
import static org.xenolith.hw.smmuv3.SmmuRegister.GERROR_IRQ_CFG1;
import static org.xenolith.hw.smmuv3.SmmuRegister.IRQ_CTRL;

import org.xenolith.regs.RegisterFile;

/** Errors of the SMMU itself: a flag toggles when one becomes active, and software toggles its own to acknowledge (IHI 0070, 7.5). */
final class GlobalErrors {
  /** A command was wrong, or could not be read. */
  static final long COMMAND = 1;
  /** An event could not be written. */
  static final long EVENT_ABORT = 1 << 2;
  /** The message of a CMD_SYNC did not arrive. */
  static final long SYNC_MESSAGE = 1 << 4;
  /** The message of the event queue did not arrive. */
  static final long EVENT_MESSAGE = 1 << 5;
  /** The message of a global error did not arrive. */
  static final long ERROR_MESSAGE = 1 << 7;
  /** All of them. */
  static final long BUILT = COMMAND | EVENT_ABORT | SYNC_MESSAGE | EVENT_MESSAGE | ERROR_MESSAGE;
  private static final long INTERRUPT = 1;

  private final RegisterFile<SmmuRegister> registers;
  private final Signals signals;

  GlobalErrors(RegisterFile<SmmuRegister> registers, Signals signals) {
    this.registers = registers;
    this.signals = signals;
  }

  boolean active(long error) {
    return ((registers.get(GERROR) ^ registers.get(GERRORN)) & error) != 0;
  }

  /** An error happened; one that is still active is not told again. */
  void activate(long error) {
    if (active(error)) {
      return;
    }
    registers.set(GERROR, registers.get(GERROR) ^ error);
    boolean told = (registers.get(IRQ_CTRL) & INTERRUPT) == 0
        || signals.raise(Signals.Source.GLOBAL_ERROR, registers.get(GERROR_IRQ_CFG0), registers.get(GERROR_IRQ_CFG1));
    if (!told && !active(ERROR_MESSAGE)) {
      // Tells of itself by the flag only: another message would go the same way (7.5.1).
      registers.set(GERROR, registers.get(GERROR) ^ ERROR_MESSAGE);
    }
  }
}
