// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.ioapic;

import static org.xenolith.hw.ioapic.IoApicRegister.EOIR;
import static org.xenolith.hw.ioapic.IoApicRegister.IOREGSEL;
import static org.xenolith.hw.ioapic.IoApicRegister.IOWIN;

import java.util.OptionalLong;
import org.xenolith.lapic.kit.IoApicIndirect;
import org.xenolith.machine.api.AccessRule;
import org.xenolith.machine.api.Alarm;
import org.xenolith.machine.api.Clock;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.machine.api.DmaPort;
import org.xenolith.machine.api.EventLog;
import org.xenolith.machine.api.ExternalAbort;
import org.xenolith.machine.api.MmioHandler;
import org.xenolith.regs.DeviceState;
import org.xenolith.regs.LongCell;
import org.xenolith.regs.RegisterFaults;
import org.xenolith.regs.RegisterFaults.Kind;
import org.xenolith.regs.RegisterFile;

/**
 * An I/O APIC of version 0x20. It sends each interrupt as a bus master's write to the local APICs' area, in the format of message-signalled interrupts, and
 * hears of ends of level-triggered ones by the port of the local APICs' node.
 */
final class IoApic implements DeviceModel, MmioHandler, IoApicPins.Sink {
  /** Indirect registers (82093AA 3.2, ICH9 13.5.5 to 13.5.7). */
  private static final int ID = 0x00;
  private static final int VERSION = 0x01;
  private static final int ARBITRATION = 0x02;
  private static final int REDIRECTION = 0x10;
  private static final long ID_BITS = 0x0F00_0000L;
  private static final long VERSION_20 = IoApicPins.PINS - 1 << 16 | 0x20;
  /** In the address of a message (Intel SDM volume 3, 12.11.1). */
  private static final int LOGICAL = 1 << 2;
  /** While there are no local APICs, a level-triggered interrupt is tried that often, in virtual nanoseconds. */
  private static final long RETRY = 1_000_000;

  private final DeviceState state = new DeviceState();
  private final RegisterFile<IoApicRegister> registers;
  private final LongCell id = state.cell("IOAPICID", 0);
  private final LongCell arbitration = state.cell("IOAPICARB", 0);
  private final IoApicPins pins;
  private final DmaPort memory;
  private final RegisterFaults faults;
  private final EventLog events;
  private final String instance;
  private final long area;
  private final EndListener ends;
  private final Clock clock;
  private final Alarm retry;
  /** Whether what is being sent was told of before. */
  private boolean retrying;

  IoApic(DeviceContext context) {
    faults = context.faults();
    events = context.events();
    instance = context.instance();
    LocalApicNode target = LocalApicNode.of(context);
    area = target.area();
    memory = context.memory().dma(0);
    pins = new IoApicPins(state, this);
    clock = context.time().clock();
    retry = context.time().alarm("retry", this::sendAgain);
    registers = state.registers("registers", IoApicRegister.class, faults)
        .onRead(IOWIN, this::readSelected)
        .onWrite(IOWIN, this::writeSelected)
        .onWrite(EOIR, value -> pins.end((int) value & 0xFF));
    state.shows("indirect", IoApicIndirect.of(IoApicPins.PINS), register -> OptionalLong.of(stored(register.spec().offset())));
    context.bus().window(0, AccessRule.WORD, this);
    context.lines().controller(pins);
    ends = new EndListener(context, target.path(), pins::end);
  }

  @Override
  public boolean send(int destination, boolean logical, int data) {
    try {
      memory.write(area | (long) destination << 12 | (logical ? LOGICAL : 0), Integer.BYTES, data);
      return true;
    } catch (ExternalAbort nobody) {
      if (!retrying) {
        events.report("interrupt-message", instance, "0x%x to 0x%x: no model serves the local APICs".formatted(data, area));
      }
      return false;
    }
  }

  @Override
  public void postponed() {
    if (!retry.armed()) {
      retry.at(clock.now() + RETRY);
    }
  }

  private void sendAgain() {
    retrying = true;
    try {
      pins.sendAgain();
    } finally {
      retrying = false;
    }
  }

  /** What a register has, an entry of the table as a whole. */
  private long stored(int number) {
    return switch (number) {
      case ID -> id.value;
      case VERSION -> VERSION_20;
      case ARBITRATION -> arbitration.value;
      default -> pins.low(number - REDIRECTION >> 1) | pins.high(number - REDIRECTION >> 1) << 32;
    };
  }

  private long readSelected() {
    int selected = (int) registers.get(IOREGSEL);
    int entry = selected - REDIRECTION;
    if (entry >= 0 && entry < 2 * IoApicPins.PINS) {
      return (entry & 1) == 0 ? pins.low(entry >> 1) : pins.high(entry >> 1);
    }
    return switch (selected) {
      case ID, VERSION, ARBITRATION -> stored(selected);
      default -> {
        faults.report(Kind.UNKNOWN_READ, IOWIN.spec().offset(), 0);
        yield 0;
      }
    };
  }

  private void writeSelected(long value) {
    int selected = (int) registers.get(IOREGSEL);
    int entry = selected - REDIRECTION;
    if (entry >= 0 && entry < 2 * IoApicPins.PINS) {
      if ((entry & 1) == 0) {
        pins.low(entry >> 1, value);
      } else {
        pins.high(entry >> 1, value);
      }
    } else if (selected == ID) {
      id.value = value & ID_BITS;
      // 82093AA 3.2.3: it is loaded along with the id.
      arbitration.value = id.value;
    } else if (selected != VERSION && selected != ARBITRATION) {
      faults.report(Kind.UNKNOWN_WRITE, IOWIN.spec().offset(), value);
    }
  }

  @Override
  public long read(long offset, int size) {
    return registers.read(offset);
  }

  @Override
  public void write(long offset, int size, long value) {
    registers.write(offset, value);
  }

  @Override
  public DeviceState state() {
    return state;
  }

  @Override
  public void reset() {
    state.reset();
    pins.reset();
    retry.cancel();
  }

  @Override
  public void removed() {
    ends.forget();
  }
}
