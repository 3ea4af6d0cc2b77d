// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.its;

import static org.xenolith.hw.its.ItsRegister.GITS_CBASER;
import static org.xenolith.hw.its.ItsRegister.GITS_CREADR;
import static org.xenolith.hw.its.ItsRegister.GITS_CTLR;
import static org.xenolith.hw.its.ItsRegister.GITS_CWRITER;

import java.util.function.Consumer;
import org.xenolith.machine.api.Alarm;
import org.xenolith.machine.api.Clock;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.DmaPort;
import org.xenolith.machine.api.ExternalAbort;
import org.xenolith.regs.RegisterFile;

/**
 * The queue of commands in guest memory (Arm IHI 0069H, 5.3). Commands are executed where they are announced, but only so many at
 * a time; the others follow a little later, so that no write of a guest takes long. A command that can't be executed is reported
 * and passed over; the queue stalls only where it can't be read.
 */
final class ItsCommandQueue {
  private static final long ADDRESS = 0x000F_FFFF_FFFF_F000L;
  private static final int PAGE = 4096;
  private static final long STALLED = 1;
  /** Work that is done at a time, and what of it a command over all LPIs takes. */
  private static final int WORK = 512;
  private static final int WORK_OVER_ALL = 64;
  /** Time until the rest is looked at, ns. */
  private static final long PAUSE = 1000;

  private final RegisterFile<ItsRegister> registers;
  private final ItsTranslation translation;
  private final DmaPort memory;
  private final Consumer<String> report;
  private final Clock clock;
  private final Alarm rest;
  private final byte[] bytes = new byte[ItsCommand.BYTES];

  /** @param report told of what was not executed, and why */
  ItsCommandQueue(DeviceContext context, RegisterFile<ItsRegister> registers, ItsTranslation translation, Consumer<String> report) {
    this.registers = registers;
    this.translation = translation;
    this.report = report;
    memory = context.memory().dma();
    clock = context.time().clock();
    rest = context.time().alarm("commands", this::run);
  }

  /** Whether nothing is under way. */
  boolean isQuiet() { return !rest.armed(); }

  /** Leaves what is announced and not executed yet. */
  void stop() {
    rest.cancel();
  }

  /** GITS_CBASER was written: the queue begins anew. */
  void restart() {
    stop();
    registers.set(GITS_CREADR, 0);
  }

  /** Tries a stalled queue again. */
  void retry() {
    registers.bits(GITS_CREADR, STALLED, false);
  }

  /** Executes what is announced. */
  void run() {
    rest.cancel();
    long base = registers.get(GITS_CBASER);
    long size = ((base & 0xFF) + 1) * PAGE;
    long end = registers.get(GITS_CWRITER);
    if ((registers.get(GITS_CTLR) & 1) == 0 || base >= 0) {
      return;
    }
    if (end >= size) {
      report.accept("GITS_CWRITER 0x" + Long.toHexString(end) + ": the queue has 0x" + Long.toHexString(size) + " bytes");
      return;
    }
    long next = registers.get(GITS_CREADR);
    if ((next & STALLED) != 0) {
      return;
    }
    for (int work = WORK; work > 0 && next != end;) {
      ItsCommand command = fetch((base & ADDRESS) + next);
      if (command == null) {
        registers.bits(GITS_CREADR, STALLED, true);
        return;
      }
      work -= execute(command);
      next = (next + ItsCommand.BYTES) % size;
      registers.set(GITS_CREADR, next);
    }
    if (next != end) {
      rest.at(clock.now() + PAUSE);
    }
  }

  private ItsCommand fetch(long address) {
    try {
      memory.read(address, bytes, 0, ItsCommand.BYTES);
      return ItsCommand.of(bytes);
    } catch (ExternalAbort noMemory) {
      report.accept("the command queue is stalled: no memory at 0x" + Long.toHexString(address));
      return null;
    }
  }

  /** Executes one; the work it was. */
  private int execute(ItsCommand command) {
    String fault = translation.execute(command);
    if (!fault.isEmpty()) {
      report.accept(command + ": " + fault);
    }
    boolean overAll = command.operation() == ItsCommand.Operation.INVALL || command.operation() == ItsCommand.Operation.MOVALL;
    return overAll ? WORK_OVER_ALL : 1;
  }
}
