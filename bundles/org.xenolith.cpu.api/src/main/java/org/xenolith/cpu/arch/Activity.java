package org.xenolith.cpu.arch;

import java.util.ArrayList;
import java.util.List;
import org.xenolith.machine.api.CpuPort.Signal;
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
    cpu.leaveReset(entry, context);
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
    return cpu.exceptions.interruptRequested() || wait == WFE && (eventRegister || cpu.memory.monitorDisturbed());
  }

  void waitInterrupt() {
    // What is stepped completes: its step is over before anything could end a wait.
    if (!cpu.exceptions.interruptRequested() && !cpu.debug.stepping()) {
      wait = WFI;
      cpu.attention();
    }
  }

  void waitEvent() {
    if (eventRegister) {
      eventRegister = false;
    } else if (cpu.debug.stepping()) {
      return;
    } else if (cpu.memory.monitorArmed() && !cpu.memory.monitorDisturbed() && !cpu.exceptions.interruptRequested()) {
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
