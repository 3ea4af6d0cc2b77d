// SPDX-License-Identifier: EPL-2.0
package org.xenolith.x64.arch;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.xenolith.regs.DeviceState;
import org.xenolith.x64.api.LocalInterrupts;

/**
 * Whether a CPU executes, and what comes from outside: power, HLT, INTR, NMI, INIT and start-up IPIs (Intel SDM volume 3, chapters 7, 10 and 12), and the traps
 * that are pending between two instructions.
 */
public final class CpuInputs {
  private static final int RUNNING = 0;
  private static final int HALTED = 1;
  private static final int WAITING_FOR_START = 2;
  private static final int SHUT_DOWN = 3;
  /** No guest executes. */
  private static final int HOST_WAITS = 4;

  private static final int BREAKPOINT_TRAP_BITS = 15;
  /** As many as have a priority of their own: a controller that never ends doesn't hang the CPU. */
  private static final int MOST_NESTED = 16;
  private static final int SINGLE_STEP = 1 << 14;

  private final Core cpu;
  private @Nullable LocalInterrupts controller;
  /** What goes on once there is a controller. */
  private final List<Runnable> waiting = new ArrayList<>();
  private boolean powered;
  private int activity = WAITING_FOR_START;
  private boolean interrupt;
  /** The controller was taken away: nothing could take the CPU from a guest now, and the host's software must know. */
  private boolean abandoned;
  private boolean nmi;
  private boolean nmiBlocked;
  private boolean init;
  private boolean starting;
  private int startVector;
  /** Instructions to go before interrupts are looked at again, plus one; 0 without a shadow. */
  private int shadow;
  /** The same since a load of SS: 2 behind it, 1 while the next instruction is executed. */
  private int stackShadow;
  private boolean stepping;
  private boolean boots;
  /** What {@link #take} found of these: no state, but until it is called again. */
  private int shadowBefore;
  private int stackShadowBefore;
  private boolean steppingBefore;

  CpuInputs(Core cpu, DeviceState state) {
    this.cpu = cpu;
    state.value("powered", 0, () -> powered ? 1 : 0, value -> powered = value != 0);
    state.value("activity", WAITING_FOR_START, () -> activity, value -> activity = (int) value);
    state.value("interrupt", 0, () -> interrupt ? 1 : 0, value -> interrupt = value != 0);
    state.value("abandoned", 0, () -> abandoned ? 1 : 0, value -> abandoned = value != 0);
    state.added("abandoned");
    state.value("nmi", 0, () -> nmi ? 1 : 0, value -> nmi = value != 0);
    state.value("nmiBlocked", 0, () -> nmiBlocked ? 1 : 0, value -> nmiBlocked = value != 0);
    state.value("init", 0, () -> init ? 1 : 0, value -> init = value != 0);
    state.value("starting", 0, () -> starting ? 1 : 0, value -> starting = value != 0);
    state.value("startVector", 0, () -> startVector, value -> startVector = (int) value);
    state.value("shadow", 0, () -> shadow, value -> shadow = (int) value);
    state.value("stackShadow", 0, () -> stackShadow, value -> stackShadow = (int) value);
    state.value("stepping", 0, () -> stepping ? 1 : 0, value -> stepping = value != 0);
    state.value("boots", 0, () -> boots ? 1 : 0, value -> boots = value != 0);
  }

  // ---- Power

  boolean powered() {
    return powered;
  }

  /** Powered on; what was driven into it stays. @param isBoot whether it is the bootstrap processor, which executes at once */
  void powerOn(boolean isBoot) {
    powered = true;
    boots = isBoot;
    activity(isBoot ? RUNNING : WAITING_FOR_START);
    shadow = 0;
    stackShadow = 0;
    stepping = false;
    nmiBlocked = false;
  }

  void powerOff() {
    powered = false;
    cpu.attention();
    cpu.counting.activityChanged();
  }

  /** The CPU executes from now on, or waits. */
  private void activity(int next) {
    activity = next;
    cpu.counting.activityChanged();
  }

  boolean bootstrap() {
    return boots;
  }

  boolean running() {
    return powered && activity == RUNNING;
  }

  boolean waiting() {
    return powered && activity != RUNNING;
  }

  boolean runnable() {
    return powered && (activity == RUNNING || wakes());
  }

  private boolean wakes() {
    return switch (activity) {
      case HOST_WAITS -> init || interrupt || abandoned;
      case HALTED -> cpu.host.attached() || init || nmi && !nmiBlocked || interrupt && (cpu.flags & FlagBits.IF) != 0;
      case WAITING_FOR_START -> init || starting;
      default -> cpu.host.attached() || init || nmi && !nmiBlocked;
    };
  }

  /** The host's software has no guest to execute. */
  void hostWaits() {
    activity = HOST_WAITS;
    cpu.attention();
  }

  /** It executes, whatever it waited for. */
  void hostRuns() {
    activity = RUNNING;
  }

  /** What of these words belongs to a guest that leaves the CPU. */
  public long pendingBetween() {
    return shadow | stackShadow << 4 | (stepping ? 1 << 8 : 0) | (nmiBlocked ? 1 << 9 : 0);
  }

  /** Sets that again. */
  public void pendingBetween(long word) {
    shadow = (int) word & 15;
    stackShadow = (int) word >> 4 & 15;
    stepping = (word & 1 << 8) != 0;
    nmiBlocked = (word & 1 << 9) != 0;
  }

  /** HLT: waits for an interrupt. */
  public void halt() {
    activity(HALTED);
    cpu.attention();
  }

  /** A triple fault: nothing but INIT, NMI or the machine's reset goes on from here. */
  void shutDown() {
    activity(SHUT_DOWN);
    cpu.attention();
  }

  // ---- Between two instructions

  /** STI: the next instruction comes before any interrupt. */
  public void shadow() {
    shadow = 2;
    cpu.attention();
  }

  /** The same for who comes to the next instruction at once. */
  public void shadowed() {
    shadow = 1;
    cpu.attention();
  }

  /** MOV and POP to SS: debug exceptions wait, too, and a single step is lost (Intel SDM volume 3, 7.8.3). */
  public void stackShadow() {
    stackShadow = 2;
    shadow();
  }

  /** Whether the instruction that comes is one behind a load of SS, which passes its breakpoint. */
  boolean stackLoaded() {
    return stackShadow == 1;
  }

  /** An event was taken: a single step that was pending is over. */
  void eventTaken(int vector) {
    stepping = false;
    shadow = 0;
    stackShadow = 0;
    if (vector == ExceptionVector.NMI) {
      nmiBlocked = true;
    }
  }

  boolean nmiBlocked() {
    return nmiBlocked;
  }

  /** IRET: an NMI may come again. */
  void interruptReturned() {
    if (nmiBlocked) {
      nmiBlocked = false;
      cpu.attention();
    }
  }

  /** Takes what is pending, in the order of Intel SDM volume 3, table 7-2. Returns how many instructions may be executed until it must be called again. */
  long take() {
    if (init) {
      init = false;
      cpu.initialize();
      activity(boots ? RUNNING : WAITING_FOR_START);
    }
    int waited = activity;
    if (activity != RUNNING) {
      wake();
      if (activity != RUNNING) {
        return 0;
      }
    }
    shadowBefore = shadow;
    stackShadowBefore = stackShadow;
    if (shadow > 0) {
      shadow--;
    }
    if (stackShadow > 0) {
      stackShadow--;
    }
    if (cpu.host.attached() && !callHost(waited)) {
      return 0;
    }
    int hit = cpu.breakpoints.hit & BREAKPOINT_TRAP_BITS;
    if (stackShadow == 0 && (stepping || hit != 0)) {
      cpu.breakpoints.report(hit);
      cpu.dr[6] |= stepping ? SINGLE_STEP : 0;
      cpu.breakpoints.hit = 0;
      stepping = false;
      cpu.events.trap(ExceptionVector.DB);
    }
    takeInterrupts();
    settle();
    if (activity != RUNNING) {
      return 0;
    }
    steppingBefore = stepping;
    stepping = (cpu.flags & FlagBits.TF) != 0;
    return stepping || shadow > 0 || letsThrough() || cpu.stops() ? 1 : Long.MAX_VALUE;
  }

  /** No instruction was executed since {@link #take}: a shadow is still that of the one that comes, and a single step is none yet. */
  void takenInVain() {
    shadow = shadow == shadowBefore - 1 ? shadowBefore : shadow;
    stackShadow = stackShadow == stackShadowBefore - 1 ? stackShadowBefore : stackShadow;
    stepping = steppingBefore;
  }

  /** An event that is there is taken behind the next instruction. */
  private boolean letsThrough() {
    return cpu.host.attached() ? interrupt || abandoned || cpu.host.requested() && (cpu.flags & FlagBits.IF) != 0
        : interrupt && (cpu.flags & FlagBits.IF) != 0;
  }

  /** The host's software does what is due before a guest goes on. Returns whether one does. */
  private boolean callHost(int waited) {
    HostPort port = cpu.host.port();
    // A machine's NMI is nothing that a guest hears of, and a host in Java has no use for it.
    nmi = false;
    cpu.host.start();
    if (waited == HALTED) {
      port.halted(cpu);
    } else if (waited == SHUT_DOWN) {
      port.shutdown(cpu);
    }
    for (int i = 0; i < MOST_NESTED && (interrupt || abandoned) && powered; i++) {
      activity = RUNNING;
      port.interrupt(cpu);
    }
    settle();
    return activity == RUNNING && powered;
  }

  /** An event is delivered before anything is executed, however often the host's software must help; one that never can be shuts the guest down. */
  private void settle() {
    for (int i = 0; cpu.host.keeps() && activity == RUNNING && powered; i++) {
      if (i == MOST_NESTED) {
        cpu.host.keptEvent(0, 0);
        shutDown();
        return;
      }
      cpu.host.deliverKept();
    }
  }

  /** Each comes before the first instruction of the handler of the one before it, if that lets it. */
  private void takeInterrupts() {
    for (int i = 0; i < MOST_NESTED && shadow == 0 && activity == RUNNING; i++) {
      if (cpu.host.attached()) {
        if (!cpu.host.requested() || (cpu.flags & FlagBits.IF) == 0 || cpu.host.keeps()) {
          return;
        }
        int vector = cpu.host.port().acknowledge(cpu);
        if (vector < 0) {
          return;
        }
        cpu.events.interrupt(vector & 0xFF);
      } else if (nmi && !nmiBlocked) {
        nmi = false;
        cpu.events.interrupt(ExceptionVector.NMI);
      } else if (interrupt && (cpu.flags & FlagBits.IF) != 0 && controller != null) {
        cpu.events.interrupt(controller.acknowledge() & 0xFF);
      } else {
        return;
      }
    }
  }

  /** Whether the instruction that is executed is followed by a single-step trap is what TF is behind it, not before: so are SYSCALL and SYSRET. */
  void stepsBehind() {
    stepping = (cpu.flags & FlagBits.TF) != 0;
  }

  private void wake() {
    if (!wakes()) {
      return;
    }
    if (activity == WAITING_FOR_START) {
      starting = false;
      cpu.startAt(startVector);
    }
    activity(RUNNING);
  }

  // ---- Inputs

  void interrupt(boolean level) {
    if (interrupt == level) {
      return;
    }
    interrupt = level;
    if (level) {
      cpu.attention();
      woken();
    }
  }

  void nmi() {
    nmi = true;
    cpu.attention();
    woken();
  }

  /** INIT; it also powers the CPU on. */
  void init() {
    powered = true;
    init = true;
    starting = false;
    cpu.attention();
    woken();
  }

  void startUp(int vector) {
    if (activity == WAITING_FOR_START || init) {
      starting = true;
      startVector = vector & 0xFF;
      woken();
    }
  }

  private void woken() {
    if (!cpu.inRun() && runnable()) {
      cpu.env.wake();
    }
  }

  /** Whether an interrupt is asserted that RFLAGS.IF lets through. */
  boolean pending() {
    return init || nmi && !nmiBlocked || letsThrough();
  }

  /** Whether anything is asserted, whatever lets it through. */
  public boolean asserted() {
    return init || nmi || interrupt || abandoned || cpu.host.requested();
  }

  // ---- The local interrupt controller

  void claim(LocalInterrupts newController) {
    if (controller != null) {
      throw new IllegalArgumentException("has a local interrupt controller already");
    }
    controller = newController;
    abandoned = false;
    List<Runnable> woken = List.copyOf(waiting);
    waiting.clear();
    woken.forEach(Runnable::run);
  }

  /** Runs an action when the next controller is claimed. */
  void whenControlled(Runnable action) {
    waiting.add(action);
  }

  void release(LocalInterrupts oldController) {
    if (controller == oldController) {
      controller = null;
      interrupt = false;
      // Nobody is called: devices change between two turns, and another controller may be there before the next one.
      abandoned = cpu.host.attached();
    }
  }

  void performanceInterrupt() {
    if (controller != null) {
      controller.performanceInterrupt();
    }
  }

  int acknowledge() {
    return controller == null ? -1 : controller.acknowledge() & 0xFF;
  }

  boolean apic() {
    return controller != null && controller.enabled();
  }

  boolean x2apic() {
    return controller != null && controller.x2apic();
  }

  boolean deadline() {
    return controller != null && controller.deadline();
  }

  int taskPriority() {
    if (cpu.host.attached()) {
      return cpu.host.port().taskPriority(cpu);
    }
    return controller == null ? 0 : controller.taskPriority();
  }

  void taskPriority(int priority) {
    if (cpu.host.attached()) {
      cpu.host.port().taskPriority(cpu, priority);
    } else if (controller != null) {
      controller.taskPriority(priority);
    }
  }
}
