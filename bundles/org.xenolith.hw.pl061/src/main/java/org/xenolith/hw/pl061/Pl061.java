// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.pl061;

import static org.xenolith.hw.pl061.Pl061Register.GPIODIR;
import static org.xenolith.hw.pl061.Pl061Register.GPIOIBE;
import static org.xenolith.hw.pl061.Pl061Register.GPIOIC;
import static org.xenolith.hw.pl061.Pl061Register.GPIOIE;
import static org.xenolith.hw.pl061.Pl061Register.GPIOIEV;
import static org.xenolith.hw.pl061.Pl061Register.GPIOIS;
import static org.xenolith.hw.pl061.Pl061Register.GPIOMIS;
import static org.xenolith.hw.pl061.Pl061Register.GPIORIS;

import java.util.List;
import java.util.OptionalLong;
import org.xenolith.machine.api.AccessRule;
import org.xenolith.machine.api.Alarm;
import org.xenolith.machine.api.Clock;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.machine.api.GpioPort;
import org.xenolith.machine.api.InterruptLine;
import org.xenolith.machine.api.MmioHandler;
import org.xenolith.regs.DeviceState;
import org.xenolith.regs.ListedRegister;
import org.xenolith.regs.LongCell;
import org.xenolith.regs.RegisterFile;

/** A PL061: eight pins. Inputs come from the node's {@link GpioPort}; undriven ones are low. */
final class Pl061 implements DeviceModel, MmioHandler {
  /** The device decodes 12 address bits: in a larger window the registers repeat. */
  private static final long DECODED = 0xFFF;
  private static final long DATA_END = 0x400;
  private static final long PINS = 0xFF;

  private final DeviceState state = new DeviceState();
  private final RegisterFile<Pl061Register> registers;
  /** What the guest wrote to the data register. */
  private final LongCell output = state.cell("output", 0);
  /** The pins' levels when edges were last looked for. */
  private final LongCell seen = state.cell("seen", 0);
  /** Edge interrupts that wait to be cleared. */
  private final LongCell edges = state.cell("edges", 0);
  private final GpioPort port;
  private final InterruptLine line;
  private final Alarm change;
  private final Clock clock;

  Pl061(DeviceContext context) {
    registers = state.registers("registers", Pl061Register.class, context.faults())
        .onWrite(GPIODIR, value -> outputsChanged())
        .onWrite(GPIOIS, value -> drive()).onWrite(GPIOIBE, value -> drive()).onWrite(GPIOIEV, value -> drive())
        .onWrite(GPIOIE, value -> drive())
        .onRead(GPIORIS, this::raw)
        .onRead(GPIOMIS, () -> raw() & registers().get(GPIOIE))
        .onWrite(GPIOIC, this::clear);
    port = context.port(GpioPort.class);
    line = context.lines().interrupts() > 0 ? context.lines().interrupt(0) : null;
    clock = context.time().clock();
    change = context.time().alarm("change", this::look);
    port.onInput(this::look);
    context.bus().window(0, AccessRule.WORD, this);
    state.shows("registers", List.of(ListedRegister.of("GPIODATA", 0, (int) DATA_END, "ARM DDI 0190, 3.3.1").saidBy(Pl061Register.class)),
        data -> OptionalLong.of(
            pins()));
  }

  private RegisterFile<Pl061Register> registers() {
    return registers;
  }

  /** In the data area, address bits 9:2 choose which pins an access touches. */
  @Override
  public long read(long offset, int size) {
    long address = offset & DECODED;
    return address < DATA_END ? pins() & address >> 2 : registers.read(address);
  }

  @Override
  public void write(long offset, int size, long value) {
    long address = offset & DECODED;
    if (address < DATA_END) {
      long mask = address >> 2;
      output.value = output.value & ~mask | value & mask;
      outputsChanged();
    } else {
      registers.write(address, value);
    }
  }

  private long pins() {
    long driven = registers.get(GPIODIR);
    return output.value & driven | port.inputs() & ~driven & PINS;
  }

  private void outputsChanged() {
    port.drive(output.value & registers.get(GPIODIR), registers.get(GPIODIR));
    look();
  }

  private void look() {
    long now = pins();
    long changed = now ^ seen.value;
    seen.value = now;
    long wanted = registers.get(GPIOIBE) | ~(now ^ registers.get(GPIOIEV));
    edges.value |= changed & wanted & ~registers.get(GPIOIS) & PINS;
    drive();
  }

  private long raw() {
    long levels = ~(pins() ^ registers.get(GPIOIEV));
    long sense = registers.get(GPIOIS);
    return (levels & sense | edges.value & ~sense) & PINS;
  }

  private void clear(long pins) {
    edges.value &= ~pins;
    drive();
  }

  private void drive() {
    if (line != null) {
      line.set((raw() & registers.get(GPIOIE)) != 0);
    }
  }

  @Override
  public DeviceState state() {
    return state;
  }

  @Override
  public void reset() {
    state.reset();
    change.cancel();
    seen.value = port.inputs() & PINS;
    port.drive(0, 0);
    drive();
  }

  /** Pins that changed while no model was here are looked at soon; else all changes have been seen. */
  @Override
  public void restored() {
    port.drive(output.value & registers.get(GPIODIR), registers.get(GPIODIR));
    drive();
    if (pins() != seen.value) {
      change.at(clock.now());
    }
  }

  @Override
  public void removed() {
    port.onInput(() -> {});
  }
}
