// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.smmuv3;

import static org.xenolith.hw.smmuv3.SmmuRegister.CR0;
import static org.xenolith.hw.smmuv3.SmmuRegister.EVENTQ_BASE;
import static org.xenolith.hw.smmuv3.SmmuRegister.EVENTQ_CONS;
import static org.xenolith.hw.smmuv3.SmmuRegister.EVENTQ_IRQ_CFG0;
import static org.xenolith.hw.smmuv3.SmmuRegister.EVENTQ_IRQ_CFG1;
import static org.xenolith.hw.smmuv3.SmmuRegister.EVENTQ_PROD;
import static org.xenolith.hw.smmuv3.SmmuRegister.IRQ_CTRL;

import org.xenolith.machine.api.DmaPort;
import org.xenolith.machine.api.ExternalAbort;
import org.xenolith.regs.RegisterFile;

/** Records faults as 32-byte events in memory (IHI 0070, 7.2 to 7.4). */
final class SmmuEventQueue {
  /** The bit of PROD that toggles when events are lost, and of CONS that acknowledges it. */
  static final long OVERFLOW = 1L << 31;
  private static final long ENABLE = 1 << 2;
  private static final long INTERRUPT = 1 << 2;
  private static final int ENTRY_SHIFT = 5;
  private static final int PRIVILEGED = 33;
  private static final int READ = 35;
  private static final int STAGE2 = 39;
  private static final int CLASS = 40;

  private final RegisterFile<SmmuRegister> registers;
  private final DmaPort memory;
  private final Signals signals;
  private final GlobalErrors errors;
  private final Queue queue;

  SmmuEventQueue(RegisterFile<SmmuRegister> registers, DmaPort memory, Signals signals, GlobalErrors errors) {
    this.registers = registers;
    this.memory = memory;
    this.signals = signals;
    this.errors = errors;
    queue = new Queue(registers, EVENTQ_BASE, EVENTQ_PROD, EVENTQ_CONS, ENTRY_SHIFT);
  }

  /** Records a fault of an access to {@code address}, if the queue takes it. */
  void record(Fault fault, long stream, long address, boolean write, boolean privileged) {
    if ((registers.get(CR0) & ENABLE) == 0 || errors.active(GlobalErrors.EVENT_ABORT)) {
      return;
    }
    if (queue.full()) {
      lose();
      return;
    }
    boolean wasEmpty = queue.empty();
    long about = 0;
    long input = 0;
    if (fault.kind.hasAccess) {
      about = bit(privileged, PRIVILEGED) | bit(!write, READ) | bit(fault.stage2, STAGE2) | (long) fault.purpose.ordinal() << CLASS;
      input = address;
    }
    long at = queue.free();
    try {
      memory.write(at, 8, fault.kind.number | stream << 32);
      memory.write(at + 8, 8, about);
      memory.write(at + 16, 8, input);
      memory.write(at + 24, 8, fault.address);
    } catch (ExternalAbort refused) {
      errors.activate(GlobalErrors.EVENT_ABORT);
      return;
    }
    queue.produced();
    if (wasEmpty && (registers.get(IRQ_CTRL) & INTERRUPT) != 0
        && !signals.raise(Signals.Source.EVENT_QUEUE, registers.get(EVENTQ_IRQ_CFG0), registers.get(EVENTQ_IRQ_CFG1))) {
      errors.activate(GlobalErrors.EVENT_MESSAGE);
    }
  }

  private void lose() {
    boolean told = ((registers.get(EVENTQ_PROD) ^ registers.get(EVENTQ_CONS)) & OVERFLOW) != 0;
    if (!told) {
      registers.set(EVENTQ_PROD, registers.get(EVENTQ_PROD) ^ OVERFLOW);
    }
  }

  private static long bit(boolean on, int at) {
    return on ? 1L << at : 0;
  }
}
