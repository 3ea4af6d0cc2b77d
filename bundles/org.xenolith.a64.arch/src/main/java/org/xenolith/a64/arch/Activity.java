// SPDX-License-Identifier: EPL-2.0
package org.xenolith.a64.arch;

import java.util.ArrayList;
import java.util.List;
import org.xenolith.arm.api.ArmCpu.Signal;
import org.xenolith.regs.DeviceState;

/** Whether a CPU executes: its power, what it waits for, and the inputs that end a wait. */
final class Activity {
  private static final int RUNNING = 0;
  private static final int WFI = 1;
  private static final int WFE = 2;

  private final Cpu cpu;
  /** What firmware does when it is powered on. */
  private final List<Runnable> firmware = new ArrayList<>();
  private boolean powered;
  private int wait;
  /** Powered on, but nothing executed since. */
  private boolean starting;
  private long start;
  private long startContext;
  private int signals;
  private boolean serror;
  private boolean eventRegister;

  Activity(Cpu cpu, DeviceState state) {
    this.cpu = cpu;
    state.value("powered", 0, () -> powered ? 1 : 0, value -> powered = value != 0);
    state.value("wait", RUNNING, () -> wait, value -> wait = (int) value);
    state.value("starting", 0, () -> starting ? 1 : 0, value -> starting = value != 0);
    state.value("start", 0, () -> start, value -> start = value);
    state.value("startContext", 0, () -> startContext, value -> startContext = value);
    state.value("signals", 0, () -> signals, value -> signals = (int) value);
    state.value("serror", 0, () -> serror ? 1 : 0, value -> serror = value != 0);
    state.value("eventRegister", 0, () -> eventRegister ? 1 : 0, value -> eventRegister = value != 0);
  }

  // ---- Power

  boolean powered() {
    return powered;
  }

  void powerOn(long entry, long context) {
    if (powered) {
      return;
    }
    powered = true;
    starting = true;
    wait = RUNNING;
    start = entry;
    startContext = context;
    for (int i = 0; i < firmware.size(); i++) {
      firmware.get(i).run();
    }
    cpu.env.wake(cpu);
  }

  void atPowerOn(Runnable part) {
    firmware.add(part);
  }

  void forget(Runnable part) {
    firmware.remove(part);
  }

  void powerOff() {
    powered = false;
    cpu.attention();
  }

  /** The CPU is to execute: it leaves reset if it was powered on since, and wakes if there is a cause. */
  void begin() {
    if (starting) {
      powerUp();
    }
    if (wait != RUNNING && wakeCause()) {
      wait = RUNNING;
    }
  }

  private void powerUp() {
    int keep = signals;
    long entry = start;
    long context = startContext;
    cpu.state().reset();
    powered = true;
    signals = keep;
    leaveReset(entry, context);
  }

  /** All state is at its reset values: takes the levels that firmware would have, and starts at {@code entry} with x0. */
  private void leaveReset(long entry, long x0) {
    cpu.sys[SysReg.VPIDR_EL2.ordinal()] = cpu.registers.value(SysReg.MIDR_EL1);
    cpu.sys[SysReg.VMPIDR_EL2.ordinal()] = cpu.registers.value(SysReg.MPIDR_EL1);
    if (cpu.config.el3()) {
      // Nobody executes EL3's part of the firmware: the level below starts Non-secure, with HVC, as that would leave it.
      cpu.sys[SysReg.SCR_EL3.ordinal()] |= Exceptions.SCR_NS | Exceptions.SCR_HCE;
    }
    cpu.restored();
    cpu.enter(cpu.config.el2() ? 2 : 1, 1);
    cpu.pc = entry;
    cpu.x[0] = x0;
    cpu.counting.poweredUp();
    if (cpu.config.el2()) {
      // MDCR_EL2.HPMN is the number of event counters at reset, which PMCR_EL0.N says.
      cpu.sys[SysReg.MDCR_EL2.ordinal()] |= cpu.systemRegister(Identification.PMCR) >> 11 & 31;
    }
    if (cpu.el2.attached()) {
      cpu.el2.start();
    }
  }

  // ---- Waiting

  /** Powered and not waiting. */
  boolean running() {
    return powered && wait == RUNNING;
  }

  boolean waiting() {
    return powered && wait != RUNNING;
  }

  boolean runnable() {
    return powered && (wait == RUNNING || wakeCause());
  }

  private boolean wakeCause() {
    return cpu.interrupts.requested() || wait == WFE && (eventRegister || cpu.memory.monitorDisturbed());
  }

  void waitInterrupt() {
    // What is stepped completes: its step is over before anything could end a wait.
    if (!cpu.interrupts.requested() && !cpu.debug.stepping()) {
      wait = WFI;
      cpu.attention();
    }
  }

  void waitEvent() {
    if (eventRegister) {
      eventRegister = false;
    } else if (cpu.debug.stepping()) {
      return;
    } else if (cpu.memory.monitorArmed() && !cpu.memory.monitorDisturbed() && !cpu.interrupts.requested()) {
      wait = WFE;
      cpu.attention();
    } else {
      cpu.requestExit();
    }
  }

  // ---- Inputs

  void event() {
    eventRegister = true;
    if (!cpu.inRun() && wait == WFE && powered) {
      cpu.env.wake(cpu);
    }
  }

  boolean eventPending() {
    return eventRegister;
  }

  void signal(Signal signal, boolean level) {
    int bit = 1 << signal.ordinal();
    if (level == ((signals & bit) != 0)) {
      return;
    }
    signals ^= bit;
    if (level) {
      cpu.attention();
      if (!cpu.inRun() && runnable()) {
        cpu.env.wake(cpu);
      }
    }
  }

  int signals() {
    return signals;
  }

  void systemError() {
    serror = true;
    cpu.attention();
  }

  boolean systemErrorPending() {
    return serror;
  }

  void systemErrorTaken() {
    serror = false;
  }
}
