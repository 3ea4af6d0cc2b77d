// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.core;

import org.jspecify.annotations.Nullable;
import org.xenolith.hyp.api.HypervisorTracePort.Kind;
import org.xenolith.machine.api.CpuPort;
import org.xenolith.regs.DeviceState;
import org.xenolith.regs.LongCell;

/**
 * One physical CPU: which virtual CPU is on it, and who is next. A virtual CPU that waits stays loaded until another one wants the CPU, so that a
 * wake-up costs no switch.
 *
 * <p>What is an architecture's own is its subclass's. It is told by the CPU that the hypervisor is entered, and says so: {@link #enter} first,
 * {@link #settle} when what the guest asked for is done, {@link #leave} at last, whatever happened. And it does with the CPU what is asked of it.
 */
public abstract class PhysicalCpu {
  /** The hypervisor. */
  protected final HypervisorCore core;
  final CpuPort port;
  private final LongCell domainOn;
  private final LongCell vcpuOn;
  private final LongCell executing;
  /** 1 while who runs is to be chosen anew as soon as the hypervisor is entered. */
  private final LongCell reschedule;
  /** 1 while the CPU is off because nothing could make it enter the hypervisor. */
  private final LongCell standing;
  /** Whose registers are in the CPU, executing or waiting; null if nobody's. */
  private @Nullable GuestVcpu loaded;

  /** @param state of the core: what is on the CPU is part of it */
  protected PhysicalCpu(HypervisorCore core, CpuPort port, DeviceState state) {
    this.core = core;
    this.port = port;
    String prefix = "cpu" + port.index() + '.';
    domainOn = state.cell(prefix + "domain", -1);
    vcpuOn = state.cell(prefix + "vcpu", 0);
    executing = state.cell(prefix + "executing", 0);
    reschedule = state.cell(prefix + "reschedule", 0);
    standing = state.cell(prefix + "standing", 0);
    state.added(prefix + "standing");
  }

  // ---- What the architecture does

  /** Whether the interrupt controller is there, without which nothing makes the CPU enter the hypervisor. */
  protected abstract boolean interruptible();

  /** Runs an action once {@link #interruptible}. */
  protected abstract void whenInterruptible(Runnable action);

  /** Makes the CPU enter the hypervisor soon, wherever it is. */
  protected abstract void kick();

  /** Takes the CPU's registers into a virtual CPU that leaves it. */
  protected abstract void save(GuestVcpu vcpu);

  /** Puts a virtual CPU's registers, and those that say what its memory is, into the CPU. */
  protected abstract void load(GuestVcpu vcpu);

  /** Who executes from now on shares the CPU with others that wait for it, or doesn't: who only spins may be made to give way. */
  protected void contended(boolean others) {}

  /** Stores bytes at a virtual address of the guest whose registers are in the CPU, as the guest would; they are lost if it couldn't. */
  protected abstract void store(long va, byte[] bytes);

  /** The CPU waits for an interrupt, once the hypervisor is left. */
  protected abstract void await();

  /** Powers the CPU on: it enters the hypervisor. */
  protected abstract void powerOn();

  // ---- What the architecture tells

  /** The hypervisor is entered on this CPU. */
  protected final void enter() {
    core.inside = this;
  }

  /** What was to be done for who is loaded is done: if it may not go on, or another one is due, that one is loaded. */
  protected final void settle() {
    if (reschedule.value != 0 || loaded == null || executing.value == 0 || !loaded.runnable()) {
      schedule();
    }
  }

  /** The hypervisor is left. */
  protected final void leave() {
    core.inside = null;
  }

  /** The virtual CPU whose registers are here; null if nobody's. */
  public final GuestVcpu current() {
    return loaded;
  }

  /** Whether a virtual CPU executes here, or would if the CPU had its turn. */
  boolean executes(GuestVcpu vcpu) {
    return loaded == vcpu && executing.value != 0;
  }

  // ---- Who runs

  /** The choice of who runs may be another now: at once if the hypervisor is on this CPU, else as soon as it can be made to enter it. */
  public final void reschedule() {
    reschedule.value = 1;
    if (core.inside != this && port.powered()) {
      kick();
    }
  }

  /** Chooses who runs, and loads it. */
  protected final void schedule() {
    reschedule.value = 0;
    if (!interruptible()) {
      standStill();
      return;
    }
    stop();
    GuestVcpu next = core.scheduler.pick(this);
    if (next == null) {
      idle();
      return;
    }
    if (next != loaded) {
      unload();
      put(next);
    }
    next.enter(GuestVcpu.RUNNING);
    next.show(this);
    executing.value = 1;
    contended(core.scheduler.begins(next));
  }

  /** Who executes does so no longer. */
  private void stop() {
    if (loaded != null && executing.value != 0) {
      core.scheduler.charge(loaded, loaded.enter(loaded.waitingKind()));
      executing.value = 0;
    }
  }

  /** Nobody may run. Who only waits for an interrupt stays loaded: the hardware ends its wait. */
  protected final void idle() {
    if (loaded != null && !loaded.blocked()) {
      unload();
    }
    await();
  }

  /** Without an interrupt controller the hypervisor isn't entered: the CPU is off until one is back. */
  protected final void standStill() {
    stop();
    unload();
    port.powerOff();
    standing.value = 1;
    whenInterruptible(this::standUp);
  }

  private void standUp() {
    if (standing.value != 0) {
      standing.value = 0;
      powerOn();
    }
  }

  private void unload() {
    if (loaded != null) {
      core.ports.contextSwitch().save(loaded, port);
      save(loaded);
      forget();
    }
  }

  private void forget() {
    loaded.home = null;
    loaded = null;
    domainOn.value = -1;
  }

  private void put(GuestVcpu vcpu) {
    load(vcpu);
    vcpu.home = this;
    loaded = vcpu;
    domainOn.value = vcpu.domain().id();
    vcpuOn.value = vcpu.id();
    core.ports.contextSwitch().load(vcpu, port);
    if (core.ports.trace().on()) {
      core.ports.trace().happened(Kind.SWITCH, vcpu, port.index(), 0, 0);
    }
  }

  /** A virtual CPU's registers here are void: it is gone, or begins anew. */
  void evict(GuestVcpu vcpu) {
    if (loaded == vcpu) {
      stop();
      core.ports.contextSwitch().save(vcpu, port);
      forget();
      reschedule();
    }
  }

  /** A domain is gone. */
  void evict(GuestDomain domain) {
    if (loaded != null && loaded.domain() == domain) {
      evict(loaded);
    }
  }

  // ---- Its life

  /** All virtual CPUs are gone, and with them whose registers are here. */
  void clear() {
    loaded = null;
  }

  /** The state is back from a record. */
  void restored() {
    GuestDomain domain = core.byId((int) domainOn.value);
    loaded = domain == null ? null : domain.vcpu((int) vcpuOn.value);
    if (loaded != null) {
      loaded.home = this;
    }
    if (standing.value != 0) {
      whenInterruptible(this::standUp);
    }
  }
}
