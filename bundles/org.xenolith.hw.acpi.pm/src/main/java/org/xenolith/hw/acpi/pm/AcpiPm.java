// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.acpi.pm;

import static org.xenolith.hw.acpi.pm.AcpiPmRegister.PM1_EVT;

import org.xenolith.machine.api.AccessRule;
import org.xenolith.machine.api.Alarm;
import org.xenolith.machine.api.Clock;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.machine.api.InterruptLine;
import org.xenolith.machine.api.MmioHandler;
import org.xenolith.regs.DeviceState;
import org.xenolith.regs.LongCell;
import org.xenolith.regs.RegisterFaults.Kind;
import org.xenolith.regs.RegisterFile;

/** Events and timer. Always in ACPI mode: there is no SMI command. */
final class AcpiPm implements DeviceModel {
  private static final int EVENTS = 0;
  private static final int CONTROL = 1;
  private static final int TIMER = 2;
  private static final int RESET = 3;
  /** The handler sees 16 bits at most, as the registers are. */
  private static final AccessRule HALF_WORDS = new AccessRule(1, 2, false);

  private final DeviceState state = new DeviceState();
  private final RegisterFile<AcpiPmRegister> registers;
  /** How often the timer's top bit had changed when its status was cleared last. */
  private final LongCell seen;
  private final Clock clock;
  private final Alarm carry;
  private final InterruptLine line;

  AcpiPm(DeviceContext context) {
    clock = context.time().clock();
    seen = state.cell("seen", 0);
    registers = state.registers("registers", AcpiPmRegister.class, context.faults()).onRead(PM1_EVT, this::events);
    carry = context.time().alarm("carry", this::changed);
    line = context.lines().interrupts() > 0 ? context.lines().interrupt(0) : null;
    context.bus().window(EVENTS, HALF_WORDS, new EventBlock());
    context.bus().window(CONTROL, HALF_WORDS, new ControlBlock(context, state.cell("control", 0)));
    context.bus().window(TIMER, AccessRule.WORD, new TimerBlock(context));
    if (context.bus().windows() > RESET) {
      context.bus().window(RESET, AccessRule.BYTE, new ResetControl(context.power(), state.cell("reset", 0)));
    }
  }

  private long events() {
    long now = PmTimer.changes(clock.now());
    long status = now == seen.value ? 0 : AcpiPmRegister.TMR;
    return registers.get(PM1_EVT) & ~AcpiPmRegister.TMR | status;
  }

  /** Whether the interrupt is asserted now. */
  private boolean drive() {
    long events = events();
    boolean raised = (events & events >>> AcpiPmRegister.ENABLE & AcpiPmRegister.TMR) != 0;
    if (line != null) {
      line.set(raised);
    }
    return raised;
  }

  private void changed() {
    if (!drive() && (events() >>> AcpiPmRegister.ENABLE & AcpiPmRegister.TMR) != 0) {
      carry.at(PmTimer.timeOfChange(PmTimer.changes(clock.now()) + 1));
    } else {
      carry.cancel();
    }
  }

  @Override
  public DeviceState state() {
    return state;
  }

  /** The timer goes on over a reset; what it has done until then is no event. */
  @Override
  public void reset() {
    state.reset();
    seen.value = PmTimer.changes(clock.now());
    changed();
  }

  /** The alarm is the core's to restore. */
  @Override
  public void restored() {
    drive();
  }

  /** PM1_STS and PM1_EN, of which an access may have a part. */
  private final class EventBlock implements MmioHandler {
    @Override
    public long read(long offset, int size) {
      return registers.read(0) >>> offset * Byte.SIZE;
    }

    @Override
    public void write(long offset, int size, long value) {
      int shift = (int) offset * Byte.SIZE;
      long lanes = (1L << size * Byte.SIZE) - 1 << shift;
      long written = value << shift;
      if ((written & AcpiPmRegister.TMR) != 0) {
        seen.value = PmTimer.changes(clock.now());
      }
      registers.write(0, written & lanes | registers.get(PM1_EVT) & ~lanes & PM1_EVT.spec().rw());
      changed();
    }
  }

  /** PM_TMR. */
  private final class TimerBlock implements MmioHandler {
    private final DeviceContext context;

    TimerBlock(DeviceContext context) {
      this.context = context;
    }

    @Override
    public long read(long offset, int size) {
      return PmTimer.ticks(clock.now()) & 0xFFFF_FFFFL;
    }

    @Override
    public void write(long offset, int size, long value) {
      context.faults().report(Kind.UNKNOWN_WRITE, offset, value);
    }
  }
}
