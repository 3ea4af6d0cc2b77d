// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.smmuv3;

import static org.xenolith.hw.smmuv3.SmmuRegister.CMDQ_BASE;
import static org.xenolith.hw.smmuv3.SmmuRegister.CMDQ_CONS;
import static org.xenolith.hw.smmuv3.SmmuRegister.CMDQ_PROD;
import static org.xenolith.hw.smmuv3.SmmuRegister.CR0;

import org.xenolith.machine.api.DmaPort;
import org.xenolith.machine.api.ExternalAbort;
import org.xenolith.regs.RegisterFile;

/**
 * Takes commands from memory, in order and at once, until there are none or one is wrong: then the queue stands still at that one
 * until software acknowledges the error (IHI 0070, 4.1 and 4.7).
 */
final class SmmuCommandQueue {
  /** The bits of CONS that say what was wrong. */
  static final long ERROR = 0x7F00_0000L;
  private static final int ERROR_AT = 24;
  private static final long ILLEGAL = 1;
  private static final long ABORTED = 2;
  private static final long ENABLE = 1 << 3;
  private static final int ENTRY_SHIFT = 4;
  private static final int SYNC = 0x46;
  private static final int SIGNAL_INTERRUPT = 1;
  private static final int SIGNAL_RESERVED = 3;
  private static final long MESSAGE = 0x000F_FFFF_FFFF_FFFCL;

  private final RegisterFile<SmmuRegister> registers;
  private final DmaPort memory;
  private final Signals signals;
  private final GlobalErrors errors;
  private final SmmuCommands commands;
  private final Queue queue;

  SmmuCommandQueue(RegisterFile<SmmuRegister> registers, DmaPort memory, Signals signals, GlobalErrors errors, SmmuCommands commands) {
    this.registers = registers;
    this.memory = memory;
    this.signals = signals;
    this.errors = errors;
    this.commands = commands;
    queue = new Queue(registers, CMDQ_BASE, CMDQ_PROD, CMDQ_CONS, ENTRY_SHIFT);
  }

  /** Executes what is there: at most two rounds of the queue, if software set an index wrongly. */
  void run() {
    if ((registers.get(CR0) & ENABLE) == 0) {
      return;
    }
    for (long left = queue.used(); left > 0 && !errors.active(GlobalErrors.COMMAND); left--) {
      long at = queue.next();
      long low;
      long high;
      try {
        low = memory.read(at, 8);
        high = memory.read(at + 8, 8);
      } catch (ExternalAbort refused) {
        fail(ABORTED);
        return;
      }
      if ((low & 0xFF) == SYNC) {
        synchronise(low, high);
      } else if (commands.execute(low, high)) {
        queue.consumed();
      } else {
        fail(ILLEGAL);
      }
    }
  }

  /** Everything before it has completed already; who waits for a message must find it consumed (3.18). */
  private void synchronise(long low, long high) {
    int signal = (int) (low >>> 12) & 3;
    if (signal == SIGNAL_RESERVED) {
      fail(ILLEGAL);
      return;
    }
    queue.consumed();
    if (signal == SIGNAL_INTERRUPT && !signals.raise(Signals.Source.SYNC, high & MESSAGE, low >>> 32)) {
      errors.activate(GlobalErrors.SYNC_MESSAGE);
    }
  }

  private void fail(long reason) {
    registers.set(CMDQ_CONS, registers.get(CMDQ_CONS) & ~ERROR | reason << ERROR_AT);
    errors.activate(GlobalErrors.COMMAND);
  }
}
