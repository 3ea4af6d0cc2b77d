// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.gicv2m;

import org.xenolith.machine.api.AccessRule;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.machine.api.InterruptLine;
import org.xenolith.machine.api.MmioHandler;
import org.xenolith.machine.api.ModelException;
import org.xenolith.platform.api.InterruptSpecifier;
import org.xenolith.regs.DeviceState;
import org.xenolith.regs.RegisterFile;

/** A frame: an interrupt id that is written, by a bus master or a CPU, is an edge of that shared interrupt. */
final class Gicv2m implements DeviceModel, MmioHandler {
  private static final int FIRST_SPI = 32;
  private static final int LAST = 1019;
  private static final int SPI = 0;
  private static final int EDGE_RISING = 1;

  private final DeviceState state = new DeviceState();
  private final RegisterFile<Gicv2mRegister> registers;
  private final InterruptLine[] lines;
  private final int first;

  Gicv2m(DeviceContext context) {
    first = (int) context.node().cell("arm,msi-base-spi", context.options().number("first-interrupt"));
    int count = (int) context.node().cell("arm,msi-num-spis", context.options().number("interrupts"));
    if (first < FIRST_SPI || count < 1 || first + count - 1 > LAST) {
      throw new ModelException(context.instance() + ": interrupts " + first + " to " + (first + count - 1) + ": expected " + FIRST_SPI
          + " to " + LAST + "; correct arm,msi-base-spi and arm,msi-num-spis or the options first-interrupt and interrupts");
    }
    lines = new InterruptLine[count];
    for (int i = 0; i < count; i++) {
      lines[i] = context.lines().line(new InterruptSpecifier(context.node().parent(), new int[] {SPI, first - FIRST_SPI + i, EDGE_RISING}));
    }
    registers = state.registers("registers", Gicv2mRegister.class, context.faults())
        .onRead(Gicv2mRegister.MSI_TYPER, () -> (long) first << 16 | count)
        .onWrite(Gicv2mRegister.MSI_SETSPI_NS, this::set);
    context.bus().window(0, AccessRule.WORD, this);
    context.bus().messages(0, (device, offset, size, value) -> {
      // Half-words count, too (SBSA: writes of 16 bits).
      if (size == 2 || size == 4) {
        write(offset, size, value);
      }
    });
  }

  private void set(long id) {
    int index = (int) (id & 0x3FF) - first;
    if (index >= 0 && index < lines.length) {
      lines[index].set(true);
      lines[index].set(false);
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
}
