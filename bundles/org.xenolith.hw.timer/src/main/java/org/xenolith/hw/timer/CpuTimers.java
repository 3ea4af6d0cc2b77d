// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.timer;

import static org.xenolith.hw.timer.TimerRegisters.CNTFRQ_EL0;
import static org.xenolith.hw.timer.TimerRegisters.CNTHCTL_EL2;
import static org.xenolith.hw.timer.TimerRegisters.CNTHP_CTL_EL2;
import static org.xenolith.hw.timer.TimerRegisters.CNTHP_CVAL_EL2;
import static org.xenolith.hw.timer.TimerRegisters.CNTHP_TVAL_EL2;
import static org.xenolith.hw.timer.TimerRegisters.CNTKCTL_EL1;
import static org.xenolith.hw.timer.TimerRegisters.CNTPCT_EL0;
import static org.xenolith.hw.timer.TimerRegisters.CNTPS_CTL_EL1;
import static org.xenolith.hw.timer.TimerRegisters.CNTPS_CVAL_EL1;
import static org.xenolith.hw.timer.TimerRegisters.CNTPS_TVAL_EL1;
import static org.xenolith.hw.timer.TimerRegisters.CNTP_CTL_EL0;
import static org.xenolith.hw.timer.TimerRegisters.CNTP_CVAL_EL0;
import static org.xenolith.hw.timer.TimerRegisters.CNTP_TVAL_EL0;
import static org.xenolith.hw.timer.TimerRegisters.CNTVCT_EL0;
import static org.xenolith.hw.timer.TimerRegisters.CNTVOFF_EL2;
import static org.xenolith.hw.timer.TimerRegisters.CNTV_CTL_EL0;
import static org.xenolith.hw.timer.TimerRegisters.CNTV_CVAL_EL0;
import static org.xenolith.hw.timer.TimerRegisters.CNTV_TVAL_EL0;
import static org.xenolith.hw.timer.TimerRegisters.HCR_EL2;
import static org.xenolith.hw.timer.TimerRegisters.ID_AA64PFR0_EL1;
import static org.xenolith.hw.timer.TimerRegisters.SCR_EL3;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.xenolith.arm.api.ArmCpu;
import org.xenolith.arm.api.SystemRegisterHandler;
import org.xenolith.arm.api.SystemRegisterTrap;
import org.xenolith.machine.api.Clock;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.InterruptLine;
import org.xenolith.regs.DeviceState;
import org.xenolith.regs.ListedRegister;
import org.xenolith.regs.LongCell;

/** The timers and counter views of one CPU, as system registers. */
final class CpuTimers implements SystemRegisterHandler {
  private static final long EL0PCTEN = 1;
  private static final long EL0VCTEN = 1 << 1;
  private static final long EL0VTEN = 1 << 8;
  private static final long EL0PTEN = 1 << 9;
  private static final long CNTKCTL_BITS = 0x3FF;
  private static final long EL1PCTEN = 1;
  private static final long EL1PCEN = 1 << 1;
  private static final long CNTHCTL_BITS = 0xFF;
  private static final long HCR_TGE = 1L << 27;
  private static final long SCR_NS = 1;
  private static final long SCR_ST = 1L << 11;
  // The order of the interrupts in the binding arm,armv8-timer.
  private static final int SECURE = 0;
  private static final int PHYSICAL = 1;
  private static final int VIRTUAL = 2;
  private static final int HYPERVISOR = 3;

  private final ArmCpu cpu;
  private final CounterScale scale;
  private final Clock clock;
  private final boolean hasEl2;
  private final boolean hasEl3;
  private final LongCell frequency;
  private final LongCell kernelControl;
  private final LongCell hypervisorControl;
  private final LongCell virtualOffset;
  private final TimerChannel physical;
  private final TimerChannel virtual;
  private final TimerChannel hypervisor;
  private final TimerChannel secure;
  private final EventStream virtualEvents;
  private final EventStream physicalEvents;

  CpuTimers(ArmCpu cpu, DeviceContext context, DeviceState state, CounterScale scale) {
    this.cpu = cpu;
    this.scale = scale;
    clock = context.time().clock();
    long levels = cpu.systemRegister(ID_AA64PFR0_EL1);
    hasEl2 = (levels >> 8 & 15) != 0;
    hasEl3 = (levels >> 12 & 15) != 0;
    String name = "cpu" + cpu.index() + '.';
    frequency = state.cell(name + "CNTFRQ", scale.hertz());
    kernelControl = state.cell(name + "CNTKCTL", 0);
    // Architecturally UNKNOWN at reset; open, so that EL1 needs no EL2 software to set it up (QEMU does the same).
    hypervisorControl = state.cell(name + "CNTHCTL", EL1PCTEN | EL1PCEN);
    virtualOffset = state.cell(name + "CNTVOFF", 0);
    // A constant zero, which is no state.
    LongCell none = new DeviceState().cell("no-offset", 0);
    physical = new TimerChannel(name + "CNTP", context, state, scale, none, line(context, PHYSICAL));
    virtual = new TimerChannel(name + "CNTV", context, state, scale, virtualOffset, line(context, VIRTUAL));
    hypervisor = new TimerChannel(name + "CNTHP", context, state, scale, none, line(context, HYPERVISOR));
    secure = new TimerChannel(name + "CNTPS", context, state, scale, none, line(context, SECURE));
    virtualEvents = new EventStream(name + "virtual-events", context, scale, kernelControl, virtualOffset, cpu);
    physicalEvents = new EventStream(name + "physical-events", context, scale, hypervisorControl, none, cpu);
    List<ListedRegister> registers = new ArrayList<>(TimerRegisters.ALWAYS);
    if (hasEl2) {
      registers.addAll(TimerRegisters.OF_EL2);
    }
    if (hasEl3) {
      registers.addAll(TimerRegisters.OF_EL3);
    }
    cpu.claim(this, ListedRegister.encodings(registers));
    state.shows(name + "system", registers, register -> OptionalLong.of(value(register.spec().offset())));
  }

  private InterruptLine line(DeviceContext context, int index) {
    return index < context.lines().interrupts() ? context.lines().interrupt(index, cpu.index()) : null;
  }

  @Override
  public long read(ArmCpu accessor, int id) {
    // First the two that guests read all the time.
    if (id == CNTVCT_EL0) {
      checkEl0(EL0VCTEN);
      return scale.ticks(clock.now()) - virtualOffset.value;
    }
    if (id == CNTPCT_EL0) {
      checkEl0(EL0PCTEN);
      checkEl1(EL1PCTEN);
      return scale.ticks(clock.now());
    }
    if (id == CNTFRQ_EL0) {
      checkEl0(EL0PCTEN | EL0VCTEN);
      return frequency.value;
    }
    checkChannel(id);
    return value(id);
  }

  /** What a register has now, whoever may read it. */
  private long value(int id) {
    if (id == CNTVCT_EL0) {
      return scale.ticks(clock.now()) - virtualOffset.value;
    }
    if (id == CNTPCT_EL0) {
      return scale.ticks(clock.now());
    }
    if (id == CNTFRQ_EL0) {
      return frequency.value;
    }
    if (id == CNTKCTL_EL1) {
      return kernelControl.value;
    }
    if (id == CNTHCTL_EL2) {
      return hypervisorControl.value;
    }
    if (id == CNTVOFF_EL2) {
      return virtualOffset.value;
    }
    TimerChannel channel = channel(id);
    return switch (id & 7) {
      case 0 -> channel.readTimerValue();
      case 1 -> channel.readControl();
      default -> channel.readCompare();
    };
  }

  @Override
  public long frequency(int id) {
    return id == CNTVCT_EL0 || id == CNTPCT_EL0 ? scale.hertz() : 0;
  }

  @Override
  public void write(ArmCpu accessor, int id, long value) {
    if (id == CNTKCTL_EL1) {
      kernelControl.value = value & CNTKCTL_BITS;
      virtualEvents.update();
    } else if (id == CNTHCTL_EL2) {
      hypervisorControl.value = value & CNTHCTL_BITS;
      physicalEvents.update();
    } else if (id == CNTVOFF_EL2) {
      virtualOffset.value = value;
      virtual.update();
      virtualEvents.update();
    } else if (id == CNTFRQ_EL0) {
      // Writable at the highest exception level only; it tells software and changes nothing.
      if (cpu.exceptionLevel() < (hasEl3 ? 3 : hasEl2 ? 2 : 1)) {
        throw SystemRegisterTrap.UNDEFINED;
      }
      frequency.value = value & 0xFFFF_FFFFL;
    } else if (id == CNTPCT_EL0 || id == CNTVCT_EL0) {
      throw SystemRegisterTrap.UNDEFINED;
    } else {
      checkChannel(id);
      TimerChannel channel = channel(id);
      switch (id & 7) {
        case 0 -> channel.writeTimerValue(value);
        case 1 -> channel.writeControl(value);
        default -> channel.writeCompare(value);
      }
    }
  }

  private TimerChannel channel(int id) {
    // A timer's three registers differ in op2 only.
    int group = id & ~7;
    if (group == (CNTV_TVAL_EL0 & ~7)) {
      return virtual;
    }
    if (group == (CNTP_TVAL_EL0 & ~7)) {
      return physical;
    }
    return group == (CNTHP_TVAL_EL2 & ~7) ? hypervisor : secure;
  }

  /** Whether the level that accesses a timer's register may; other registers are let pass. */
  private void checkChannel(int id) {
    int group = id & ~7;
    if (group == (CNTV_TVAL_EL0 & ~7)) {
      checkEl0(EL0VTEN);
    } else if (group == (CNTP_TVAL_EL0 & ~7)) {
      checkEl0(EL0PTEN);
      checkEl1(EL1PCEN);
    } else if (group == (CNTPS_TVAL_EL1 & ~7)) {
      checkSecure();
    }
  }

  /** EL0 needs one of the CNTKCTL_EL1 bits; refused accesses go to EL1, or to EL2 when it has taken EL1's place. */
  private void checkEl0(long bits) {
    if (cpu.exceptionLevel() == 0 && (kernelControl.value & bits) == 0) {
      throw hasEl2 && el2Enabled() && (cpu.systemRegister(HCR_EL2) & HCR_TGE) != 0
          ? SystemRegisterTrap.TO_EL2 : SystemRegisterTrap.TO_EL1;
    }
  }

  /** EL0 and EL1 need a CNTHCTL_EL2 bit where EL2 is in use. */
  private void checkEl1(long bit) {
    if (hasEl2 && cpu.exceptionLevel() < 2 && (hypervisorControl.value & bit) == 0 && el2Enabled()) {
      throw SystemRegisterTrap.TO_EL2;
    }
  }

  private boolean el2Enabled() {
    return !hasEl3 || (cpu.systemRegister(SCR_EL3) & SCR_NS) != 0;
  }

  /** CNTPS belongs to EL3, which may lend it to secure EL1 (SCR_EL3.ST). */
  private void checkSecure() {
    int level = cpu.exceptionLevel();
    if (level == 3) {
      return;
    }
    long scr = cpu.systemRegister(SCR_EL3);
    if (level != 1 || (scr & SCR_NS) != 0) {
      throw SystemRegisterTrap.UNDEFINED;
    }
    if ((scr & SCR_ST) == 0) {
      throw SystemRegisterTrap.TO_EL3;
    }
  }

  void reset() {
    physical.reset();
    virtual.reset();
    hypervisor.reset();
    secure.reset();
    virtualEvents.reset();
    physicalEvents.reset();
  }

  void drive() {
    physical.drive();
    virtual.drive();
    hypervisor.drive();
    secure.drive();
  }
}
