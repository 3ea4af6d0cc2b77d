// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.pmu;

import static org.xenolith.hw.pmu.PmuControls.COUNTERS;
import static org.xenolith.hw.pmu.PmuControls.CYCLES;
import static org.xenolith.hw.pmu.PmuRegisters.PMCCFILTR_EL0;
import static org.xenolith.hw.pmu.PmuRegisters.PMCCNTR_EL0;
import static org.xenolith.hw.pmu.PmuRegisters.PMCEID0_EL0;
import static org.xenolith.hw.pmu.PmuRegisters.PMCEID1_EL0;
import static org.xenolith.hw.pmu.PmuRegisters.PMCNTENCLR_EL0;
import static org.xenolith.hw.pmu.PmuRegisters.PMCNTENSET_EL0;
import static org.xenolith.hw.pmu.PmuRegisters.PMCR_EL0;
import static org.xenolith.hw.pmu.PmuRegisters.PMEVCNTR0_EL0;
import static org.xenolith.hw.pmu.PmuRegisters.PMEVTYPER0_EL0;
import static org.xenolith.hw.pmu.PmuRegisters.PMINTENCLR_EL1;
import static org.xenolith.hw.pmu.PmuRegisters.PMINTENSET_EL1;
import static org.xenolith.hw.pmu.PmuRegisters.PMOVSCLR_EL0;
import static org.xenolith.hw.pmu.PmuRegisters.PMOVSSET_EL0;
import static org.xenolith.hw.pmu.PmuRegisters.PMSELR_EL0;
import static org.xenolith.hw.pmu.PmuRegisters.PMSWINC_EL0;
import static org.xenolith.hw.pmu.PmuRegisters.PMUSERENR_EL0;
import static org.xenolith.hw.pmu.PmuRegisters.PMXEVCNTR_EL0;
import static org.xenolith.hw.pmu.PmuRegisters.PMXEVTYPER_EL0;

import java.util.List;
import java.util.OptionalLong;
import org.xenolith.arm.api.ArmCpu;
import org.xenolith.arm.api.CpuMonitor;
import org.xenolith.arm.api.SystemRegisterHandler;
import org.xenolith.arm.api.SystemRegisterTrap;
import org.xenolith.machine.api.Alarm;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.InterruptLine;
import org.xenolith.regs.DeviceState;
import org.xenolith.regs.ListedRegister;

/** The performance monitors of one CPU, as system registers. */
final class CpuPmu implements SystemRegisterHandler, CpuMonitor {
  private static final int SELECTION = 31;
  private static final int USER_BITS = 15;

  private final ArmCpu cpu;
  private final InterruptLine line;
  private final PmuControls controls;
  private final PmuCounters counters;
  private final PmuAccess access;
  private final Alarm alarm;

  /** @param line the overflow interrupt, or null if it is not connected */
  CpuPmu(ArmCpu cpu, DeviceContext context, DeviceState state, InterruptLine line) {
    this.cpu = cpu;
    this.line = line;
    String name = "cpu" + cpu.index() + '.';
    controls = new PmuControls(cpu, state, name);
    counters = new PmuCounters(cpu, context.time().clock(), controls, state, name);
    access = new PmuAccess(cpu, controls);
    alarm = context.time().alarm(name + "cycles", this::contextChanged);
    List<ListedRegister> registers = PmuRegisters.all(COUNTERS);
    cpu.claim(this, ListedRegister.encodings(registers));
    state.shows(name + "system", registers, register -> shown(register.spec().offset()));
    cpu.monitor(this);
  }

  // ---- Registers

  @Override
  public long read(ArmCpu accessor, int id) {
    if (id == PMSWINC_EL0) {
      throw SystemRegisterTrap.UNDEFINED;
    }
    access.check(id, false);
    if (id == PMXEVTYPER_EL0) {
      return readFilter((int) controls.selected.value);
    }
    if (id == PMXEVCNTR_EL0) {
      return readCount((int) controls.selected.value);
    }
    if (id >= PMEVTYPER0_EL0 && id < PMEVTYPER0_EL0 + COUNTERS) {
      return readFilter(id - PMEVTYPER0_EL0);
    }
    if (id >= PMEVCNTR0_EL0 && id < PMEVCNTR0_EL0 + COUNTERS) {
      return readCount(id - PMEVCNTR0_EL0);
    }
    return readSingle(id);
  }

  /** What a register has now; empty for counters and their overflows, which are counted on when somebody reads, and what can only be written. */
  private OptionalLong shown(int id) {
    boolean counted = id == PMCCNTR_EL0 || id == PMXEVCNTR_EL0 || id == PMOVSCLR_EL0 || id == PMOVSSET_EL0
        || id >= PMEVCNTR0_EL0 && id < PMEVCNTR0_EL0 + COUNTERS;
    if (counted || id == PMSWINC_EL0) {
      return OptionalLong.empty();
    }
    if (id == PMXEVTYPER_EL0) {
      return OptionalLong.of(readFilter((int) controls.selected.value));
    }
    return OptionalLong.of(id >= PMEVTYPER0_EL0 && id < PMEVTYPER0_EL0 + COUNTERS ? readFilter(id - PMEVTYPER0_EL0) : readSingle(id));
  }

  private long readSingle(int id) {
    if (id == PMCCNTR_EL0) {
      return counters.cycles();
    }
    if (id == PMCR_EL0) {
      return controls.readControl();
    }
    if (id == PMCNTENSET_EL0 || id == PMCNTENCLR_EL0) {
      return controls.enabled.value & controls.accessibleBits();
    }
    if (id == PMINTENSET_EL1 || id == PMINTENCLR_EL1) {
      return controls.interrupts.value & controls.accessibleBits();
    }
    if (id == PMOVSCLR_EL0 || id == PMOVSSET_EL0) {
      return counters.overflows() & controls.accessibleBits();
    }
    if (id == PMCCFILTR_EL0) {
      return readFilter(CYCLES);
    }
    if (id == PMSELR_EL0) {
      return controls.selected.value;
    }
    if (id == PMUSERENR_EL0) {
      return controls.user.value;
    }
    return PmuEvent.advertised(id == PMCEID0_EL0 ? 0 : 32);
  }

  private long readFilter(int counter) {
    return counter == CYCLES || counter < controls.accessible() ? controls.filterOf(counter) : 0;
  }

  private long readCount(int counter) {
    return counter < controls.accessible() ? counters.count(counter) : 0;
  }

  @Override
  public void write(ArmCpu accessor, int id, long value) {
    if (id == PMCEID0_EL0 || id == PMCEID1_EL0) {
      throw SystemRegisterTrap.UNDEFINED;
    }
    access.check(id, true);
    counters.look();
    if (id == PMXEVTYPER_EL0) {
      writeFilter((int) controls.selected.value, value);
    } else if (id == PMXEVCNTR_EL0) {
      writeCount((int) controls.selected.value, value);
    } else if (id >= PMEVTYPER0_EL0 && id < PMEVTYPER0_EL0 + COUNTERS) {
      writeFilter(id - PMEVTYPER0_EL0, value);
    } else if (id >= PMEVCNTR0_EL0 && id < PMEVCNTR0_EL0 + COUNTERS) {
      writeCount(id - PMEVCNTR0_EL0, value);
    } else {
      writeSingle(id, value);
    }
    update();
  }

  private void writeSingle(int id, long value) {
    long bits = value & controls.accessibleBits();
    if (id == PMCCNTR_EL0) {
      counters.cycles(value);
    } else if (id == PMCR_EL0) {
      zero(controls.writeControl(value));
    } else if (id == PMCNTENSET_EL0) {
      controls.enabled.value |= bits;
    } else if (id == PMCNTENCLR_EL0) {
      controls.enabled.value &= ~bits;
    } else if (id == PMINTENSET_EL1) {
      controls.interrupts.value |= bits;
    } else if (id == PMINTENCLR_EL1) {
      controls.interrupts.value &= ~bits;
    } else if (id == PMOVSSET_EL0) {
      counters.overflows(counters.overflows() | (int) bits);
    } else if (id == PMOVSCLR_EL0) {
      counters.overflows(counters.overflows() & ~(int) bits);
    } else if (id == PMSWINC_EL0) {
      counters.happened(PmuEvent.SW_INCR, counters.active() & (int) bits);
    } else if (id == PMCCFILTR_EL0) {
      writeFilter(CYCLES, value);
    } else if (id == PMSELR_EL0) {
      controls.selected.value = value & SELECTION;
    } else if (id == PMUSERENR_EL0) {
      controls.user.value = value & USER_BITS;
    }
  }

  private void zero(int which) {
    if ((which & 1 << CYCLES) != 0) {
      counters.cycles(0);
    }
    for (int n = 0; n < COUNTERS; n++) {
      if ((which >> n & 1) != 0) {
        counters.count(n, 0);
      }
    }
  }

  private void writeFilter(int counter, long value) {
    if (counter == CYCLES || counter < controls.accessible()) {
      controls.filterOf(counter, value);
    }
  }

  private void writeCount(int counter, long value) {
    if (counter < controls.accessible()) {
      counters.count(counter, value);
    }
  }

  // ---- What the CPU tells

  @Override
  public void poweredUp() {
    controls.reset();
    counters.reset();
    update();
  }

  @Override
  public void exceptionTaken() {
    counters.happened(PmuEvent.EXC_TAKEN, counters.active());
  }

  @Override
  public void exceptionReturns() {
    counters.happened(PmuEvent.EXC_RETURN, counters.active());
  }

  @Override
  public void contextChanged() {
    counters.look();
    update();
  }

  @Override
  public void branched(int level, int kind) {
    counters.branched(kind, level == cpu.exceptionLevel() ? counters.active() : controls.active(level));
    drive();
  }

  @Override
  public void retiredReached() {
    contextChanged();
  }

  // ---- Life

  /** Lets count what is to count now, and waits for the next overflow. */
  private void update() {
    follow();
    long deadline = counters.timeOfOverflow();
    if (deadline != alarm.deadline()) {
      if (deadline == Long.MAX_VALUE) {
        alarm.cancel();
      } else {
        alarm.at(deadline);
      }
    }
  }

  private void follow() {
    counters.active(controls.active(cpu.exceptionLevel()));
    // MDCR_EL2.HPMN and HPME say whose overflow interrupts, too, even if nothing counts.
    boolean levels = controls.on() != 0 || (counters.overflows() & controls.interrupts.value) != 0;
    cpu.watch((levels ? LEVELS : 0) | (counters.branches() ? BRANCHES : 0), counters.retiredAtOverflow());
    drive();
  }

  private void drive() {
    if (line != null) {
      line.set((counters.overflows() & controls.interrupting()) != 0);
    }
  }

  /** After the state was reset. */
  void reset() {
    counters.reset();
    cpu.watch(0, Long.MAX_VALUE);
    alarm.cancel();
    drive();
  }

  /** After the state was restored. */
  void restored() {
    counters.rebase();
    follow();
  }

  /** Nothing counts any more. */
  void removed() {
    counters.look();
    counters.active(0);
  }
}
