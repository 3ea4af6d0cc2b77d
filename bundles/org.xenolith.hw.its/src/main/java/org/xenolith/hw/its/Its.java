// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.its;

import static org.xenolith.hw.its.ItsRegister.GITS_BASER0;
import static org.xenolith.hw.its.ItsRegister.GITS_BASER1;
import static org.xenolith.hw.its.ItsRegister.GITS_CBASER;
import static org.xenolith.hw.its.ItsRegister.GITS_CTLR;
import static org.xenolith.hw.its.ItsRegister.GITS_CWRITER;
import static org.xenolith.hw.its.ItsRegister.GITS_TRANSLATER;

import org.xenolith.machine.api.AccessRule;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.machine.api.EventLog;
import org.xenolith.arm.api.LpiPort;
import org.xenolith.machine.api.MessageInput;
import org.xenolith.machine.api.MmioHandler;
import org.xenolith.regs.DeviceState;
import org.xenolith.regs.RegisterFaults;
import org.xenolith.regs.RegisterFaults.Kind;
import org.xenolith.regs.RegisterFile;

/**
 * An ITS: a message of a bus master to GITS_TRANSLATER is an EventID; with the DeviceID that the fabric gives, never the message,
 * tables in guest memory make an LPI of it. All state is in the registers and in guest memory.
 */
final class Its implements DeviceModel, MmioHandler, MessageInput {
  private static final AccessRule WORDS = new AccessRule(4, 8, false);
  private static final long ENABLED = 1;
  private static final long QUIESCENT = 1L << 31;
  private static final long RETRY = 1;

  private final DeviceState state = new DeviceState();
  private final RegisterFile<ItsRegister> registers;
  private final ItsTranslation translation;
  private final ItsCommandQueue queue;
  private final RegisterFaults faults;
  private final EventLog events;
  private final String instance;
  private final Senders senders;

  Its(DeviceContext context) {
    faults = context.faults();
    events = context.events();
    instance = context.instance();
    senders = new Senders(context.platform(), context.node());
    registers = state.registers("registers", ItsRegister.class, faults)
        .onRead(GITS_CTLR, this::control)
        .onWrite(GITS_CTLR, value -> enable())
        .onWrite(GITS_CBASER, value -> restart())
        .onWrite(GITS_CWRITER, this::announce);
    LpiPort port = context.port(context.node().parent(), LpiPort.class);
    translation = new ItsTranslation(context.memory().dma(), new EntryTable(context.memory().dma(), () -> registers.get(GITS_BASER0)),
        new EntryTable(context.memory().dma(), () -> registers.get(GITS_BASER1)), port, context.processors().cpus().size());
    queue = new ItsCommandQueue(context, registers, translation, what -> events.report("its-command", instance, what));
    context.bus().window(0, WORDS, this);
    context.bus().messages(0, this);
  }

  @Override
  public long read(long offset, int size) {
    return size == 8 ? registers.read64(offset) : registers.read(offset);
  }

  @Override
  public void write(long offset, int size, long value) {
    if (isEnabled() && isBase(offset)) {
      // The manual leaves it open what that does; tables don't change under those who use them.
      faults.report(Kind.BAD_VALUE, offset, value);
    } else if (size == 8) {
      registers.write64(offset, value);
    } else {
      registers.write(offset, value);
    }
  }

  private static boolean isBase(long offset) {
    return offset >= GITS_CBASER.spec().offset() && offset < GITS_CWRITER.spec().offset()
        || offset >= GITS_BASER0.spec().offset() && offset < GITS_BASER1.spec().offset() + Long.BYTES;
  }

  private boolean isEnabled() { return (registers.get(GITS_CTLR) & ENABLED) != 0; }

  private long control() {
    return registers.get(GITS_CTLR) & ENABLED | (queue.isQuiet() ? QUIESCENT : 0);
  }

  private void enable() {
    if (isEnabled()) {
      queue.run();
    } else {
      queue.stop();
    }
  }

  private void restart() {
    registers.set(GITS_CWRITER, 0);
    queue.restart();
  }

  private void announce(long written) {
    if ((written & RETRY) != 0) {
      queue.retry();
    }
    queue.run();
  }

  @Override
  public void message(long device, long offset, int size, long value) {
    String fault;
    if (offset != GITS_TRANSLATER.spec().offset() || size != 2 && size != 4) {
      fault = "it goes to offset 0x" + Long.toHexString(offset) + ", " + size + " bytes";
    } else if (device == NO_ID) {
      fault = "the requester has no DeviceID";
    } else if (!isEnabled()) {
      fault = "the ITS isn't enabled";
    } else {
      fault = translation.message(device, value & 0xFFFF_FFFFL);
    }
    if (!fault.isEmpty()) {
      events.report("its-message", instance,
          "device " + (device == NO_ID ? "unknown" : "0x" + Long.toHexString(device) + senders.text(device)) + ", event " + value + ": "
              + fault);
    }
  }

  @Override
  public DeviceState state() {
    return state;
  }

  @Override
  public void reset() {
    state.reset();
    queue.stop();
  }
}
