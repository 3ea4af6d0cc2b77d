// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.virtio.mmio;

import java.util.List;
import java.util.OptionalLong;
import org.xenolith.machine.api.AccessRule;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.machine.api.InterruptLine;
import org.xenolith.machine.api.MmioHandler;
import org.xenolith.regs.DeviceState;
import org.xenolith.regs.ListedRegister;
import org.xenolith.regs.Register;
import org.xenolith.regs.RegisterFaults;
import org.xenolith.regs.RegisterFile;
import org.xenolith.virtio.api.VirtioFunction;
import org.xenolith.virtio.kit.TransportCore;

/**
 * What both versions of the MMIO transport have: a window of registers in front of a {@link TransportCore}, the device's configuration
 * behind them, and an interrupt with a status.
 */
abstract class MmioTransport<R extends Enum<R> & Register> implements DeviceModel, MmioHandler, TransportCore.Signals {
  private static final long CONFIG = 0x100;
  private static final long USED_BUFFER = 1;
  private static final long CONFIG_CHANGE = 2;

  private final DeviceState state = new DeviceState();
  private final R interruptStatus;
  private final InterruptLine line;
  /** Where what a driver does wrong is reported. */
  final RegisterFaults faults;
  /** The registers. */
  final RegisterFile<R> registers;
  /** What every transport does. */
  final TransportCore core;

  /**
   * Claims window and interrupt of the node.
   *
   * @param table           the registers
   * @param legacy          whether it is the interface before version 1
   * @param interruptStatus the register that says what the interrupt is for
   */
  MmioTransport(DeviceContext context, Class<R> table, boolean legacy, R interruptStatus) {
    this.interruptStatus = interruptStatus;
    faults = context.faults();
    registers = state.registers("registers", table, faults);
    core = legacy ? TransportCore.legacy(context, state, context.memory().dma(), this)
        : new TransportCore(context, state, context.memory().dma(), 0, this);
    line = context.lines().interrupts() > 0 ? context.lines().interrupt(0) : null;
    context.bus().window(0, AccessRule.UP_TO_WORD, this);
    int configuration = (int) (context.node().windows().getFirst().size() - CONFIG);
    state.shows("registers", List.of(ListedRegister.of("Config", (int) CONFIG, configuration, "virtio 1.1, 4.2.2").saidBy(
        VirtioMmioRegister.class)), config -> OptionalLong
            .empty());
  }

  /** Kind of the device that is plugged in; 0 for none. */
  final long deviceId() {
    return core.function() == null ? 0 : core.function().deviceId();
  }

  @Override
  public final long read(long offset, int size) {
    if (offset >= CONFIG) {
      VirtioFunction function = core.function();
      return function == null || offset - CONFIG > Integer.MAX_VALUE ? 0 : function.readConfig((int) (offset - CONFIG), size);
    }
    int shift = ((int) offset & 3) * 8;
    return registers.read(offset & ~3L) >>> shift & (size == 4 ? 0xFFFF_FFFFL : (1L << size * 8) - 1);
  }

  @Override
  public final void write(long offset, int size, long value) {
    if (offset >= CONFIG) {
      VirtioFunction function = core.function();
      if (function != null && offset - CONFIG <= Integer.MAX_VALUE) {
        function.writeConfig((int) (offset - CONFIG), size, value);
      }
    } else if (size != 4) {
      // 4.2.2.2: the driver must use aligned 32-bit accesses here.
      faults.report(RegisterFaults.Kind.BAD_VALUE, offset, value);
    } else {
      registers.write(offset, value);
    }
  }

  /** The driver has seen what the interrupt was for. */
  final void acknowledge(long bits) {
    registers.bits(interruptStatus, bits, false);
    drive();
  }

  @Override
  public final void usedBuffer(int index) {
    registers.bits(interruptStatus, USED_BUFFER, true);
    drive();
  }

  @Override
  public final void configChange() {
    registers.bits(interruptStatus, CONFIG_CHANGE, true);
    drive();
  }

  @Override
  public final void deviceReset() {
    registers.set(interruptStatus, 0);
    drive();
  }

  private void drive() {
    if (line != null) {
      line.set(registers.get(interruptStatus) != 0);
    }
  }

  @Override
  public final DeviceState state() {
    return state;
  }

  @Override
  public final void reset() {
    state.reset();
    core.reset();
    drive();
  }

  @Override
  public final void restored() {
    core.restored();
    drive();
  }

  @Override
  public final void removed() {
    core.removed();
  }
}
