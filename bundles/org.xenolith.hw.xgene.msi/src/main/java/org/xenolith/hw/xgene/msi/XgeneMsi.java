// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.xgene.msi;

import java.util.OptionalLong;
import org.xenolith.machine.api.AccessRule;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.machine.api.InterruptLine;
import org.xenolith.machine.api.MmioHandler;
import org.xenolith.machine.api.ModelException;
import org.xenolith.regs.DeviceState;
import org.xenolith.regs.ListedRegister;
import org.xenolith.regs.RegisterFaults;

/**
 * 16 groups of 8 index registers of 16 messages each; a group drives an interrupt while it has a message. Register x of group n
 * (MSInIRx) is at {@code n << 19 | x << 16}, group n's summary (MSIINTn) at {@code 0x800000 | n << 16}: a table of so regular a block
 * would only repeat this.
 */
final class XgeneMsi implements DeviceModel, MmioHandler {
  static final int GROUPS = 16;
  static final int INDICES = 8;
  private static final int MESSAGES = 16;
  private static final int PAGE_SHIFT = 16;
  private static final long IN_PAGE = (1L << PAGE_SHIFT) - 1;
  private static final int FIRST_SUMMARY = GROUPS * INDICES;

  private final DeviceState state = new DeviceState();
  /** MSInIRx at 8n + x: messages that came and weren't read. */
  private final int[] pending = state.ints("pending", GROUPS * INDICES);
  private final InterruptLine[] lines = new InterruptLine[GROUPS];
  private final RegisterFaults faults;

  XgeneMsi(DeviceContext context) {
    if (context.lines().interrupts() != GROUPS) {
      throw new ModelException(context.instance() + ": interrupts: expected " + GROUPS + " entries, one for each group, got "
          + context.lines().interrupts());
    }
    faults = context.faults();
    for (int group = 0; group < GROUPS; group++) {
      lines[group] = context.lines().interrupt(group);
    }
    context.bus().window(0, AccessRule.WORD, this);
    for (int group = 0; group < GROUPS; group++) {
      int first = group * INDICES;
      state.shows("MSI", ListedRegister.saidBy(XgeneMsi.class, ListedRegister.run("MS" + group + "IR", first << PAGE_SHIFT, 1 << PAGE_SHIFT,
          INDICES,
          "binding pci/xgene-pci-msi")),
          register -> OptionalLong.of(pending[register.spec().offset() >>> PAGE_SHIFT]));
    }
    state.shows("MSI", ListedRegister.saidBy(XgeneMsi.class, ListedRegister.run("MSIINT", FIRST_SUMMARY << PAGE_SHIFT, 1 << PAGE_SHIFT,
        GROUPS, "binding pci/xgene-pci-msi")),
        register -> OptionalLong.of(summary((register.spec().offset() >>> PAGE_SHIFT) - FIRST_SUMMARY)));
    context.bus().messages(0, (device, offset, size, value) -> write(offset, size, value));
  }

  /** Messages come here, too: to the controller a CPU's write is one. */
  @Override
  public void write(long offset, int size, long value) {
    int page = (int) (offset >>> PAGE_SHIFT);
    if (page >= FIRST_SUMMARY || (offset & IN_PAGE) != 0) {
      faults.report(RegisterFaults.Kind.UNKNOWN_WRITE, offset, value);
      return;
    }
    pending[page] |= 1 << (value & MESSAGES - 1);
    drive(page / INDICES);
  }

  /** MSInIRx is cleared by the read; bit x of MSIINTn says that MSInIRx isn't zero. */
  @Override
  public long read(long offset, int size) {
    int page = (int) (offset >>> PAGE_SHIFT);
    if (page >= FIRST_SUMMARY + GROUPS || (offset & IN_PAGE) != 0) {
      faults.report(RegisterFaults.Kind.UNKNOWN_READ, offset, 0);
      return 0;
    }
    if (page >= FIRST_SUMMARY) {
      return summary(page - FIRST_SUMMARY);
    }
    int messages = pending[page];
    pending[page] = 0;
    drive(page / INDICES);
    return messages;
  }

  private int summary(int group) {
    int bits = 0;
    for (int index = 0; index < INDICES; index++) {
      bits |= pending[group * INDICES + index] == 0 ? 0 : 1 << index;
    }
    return bits;
  }

  private void drive(int group) {
    lines[group].set(summary(group) != 0);
  }

  private void driveAll() {
    for (int group = 0; group < GROUPS; group++) {
      drive(group);
    }
  }

  @Override
  public DeviceState state() {
    return state;
  }

  @Override
  public void reset() {
    state.reset();
    driveAll();
  }

  @Override
  public void restored() {
    driveAll();
  }
}
