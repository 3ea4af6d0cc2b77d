// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.core;

import org.jspecify.annotations.Nullable;
import org.xenolith.hyp.api.Vcpu;
import org.xenolith.machine.api.CpuPort;
import org.xenolith.regs.DeviceState;
import org.xenolith.regs.LongCell;

/**
 * One virtual CPU: its states and times, and its place in the schedule. Its registers, wherever they are, are its architecture's: state that a
 * subclass declares in {@link #record}.
 */
public abstract class GuestVcpu implements Vcpu {
  /** States of {@code vcpu.h}. */
  static final int RUNNING = 0;
  static final int RUNNABLE = 1;
  static final int BLOCKED = 2;
  static final int OFFLINE = 3;

  private final GuestDomain domain;
  private final int id;
  private final DeviceState state = new DeviceState();
  private final LongCell online = state.cell("online", 0);
  private final LongCell blocked = state.cell("blocked", 0);
  final LongCell deadline = state.cell("deadline", Long.MAX_VALUE);
  final LongCell processor = state.cell("processor", -1);
  final LongCell credit = state.cell("credit", 0);
  private final LongCell info = state.cell("info", 0);
  private final LongCell area = state.cell("runstate-area", 0);
  private final LongCell kind = state.cell("runstate", OFFLINE);
  private final LongCell since = state.cell("since", 0);
  private final long[] times = state.longs("times", 4);
  private final byte[] runstateBytes = new byte[48];
  /** The same for guests with narrow words; made when it is needed first. */
  private byte[] narrowRunstateBytes;
  /** A subsystem that it can't go on without is away. Found out again when it executes again, so no state. */
  private boolean parked;
  /** The physical CPU that holds its registers. */
  @Nullable
  PhysicalCpu home;

  /** For {@link HypervisorCore#vcpu}. */
  protected GuestVcpu(GuestDomain domain, int id) {
    this.domain = domain;
    this.id = id;
  }

  /** Its state. */
  protected final DeviceState record() {
    return state;
  }

  /** Its registers are those after reset: it goes on at an address, with an argument where its architecture has that. */
  protected abstract void resetRegisters(long entry, long argument);

  void begin() {
    since.value = domain.core.now();
    int place = domain.sharedLayout().vcpuInfo(id);
    info.value = place < 0 ? 0 : domain.sharedInfo() + place;
  }

  @Override
  public final GuestDomain domain() {
    return domain;
  }

  @Override
  public final int id() {
    return id;
  }

  @Override
  public @Nullable CpuPort loaded() {
    return home == null ? null : home.port;
  }

  @Override
  public final boolean online() {
    return online.value != 0;
  }

  @Override
  public final void powerOn(long entry, long argument) {
    unload();
    resetRegisters(entry, argument);
    online.value = 1;
    blocked.value = 0;
    domain.core.ports.contextSwitch().reset(this);
    domain.core.scheduler.changed(this);
  }

  @Override
  public final void powerOff() {
    online.value = 0;
    domain.core.scheduler.changed(this);
  }

  /** Its registers are in its record from now on, and void if they were a physical CPU's: it is to be given others. */
  protected final void unload() {
    if (home != null) {
      home.evict(this);
    }
  }

  /** It is up from now on, with the registers that it has; nothing if it is up already. */
  protected final void bringUp() {
    if (online.value == 0) {
      online.value = 1;
      blocked.value = 0;
      domain.core.scheduler.changed(this);
    }
  }

  @Override
  public final void block() {
    blockUntil(Long.MAX_VALUE);
  }

  @Override
  public final void blockUntil(long virtualNanoseconds) {
    if (virtualNanoseconds == Long.MAX_VALUE && domain.core.ports.events().deliverable(this)) {
      return;
    }
    blocked.value = 1;
    deadline.value = virtualNanoseconds;
    domain.core.scheduler.changed(this);
  }

  @Override
  public final void wake() {
    if (blocked.value != 0) {
      blocked.value = 0;
      deadline.value = Long.MAX_VALUE;
      domain.core.scheduler.changed(this);
    }
  }

  @Override
  public final boolean blocked() {
    return blocked.value != 0;
  }

  @Override
  public final void yield() {
    domain.core.scheduler.yield(this);
  }

  /** It stands still until {@link #unpark}: a subsystem that it can't go on without is away. */
  public final void park() {
    parked = true;
    domain.core.scheduler.changed(this);
  }

  /** What it stood still for is there. */
  public final void unpark() {
    parked = false;
    domain.core.scheduler.changed(this);
  }

  /** Whether it may execute, as far as it and its domain go. */
  boolean runnable() {
    return online.value != 0 && blocked.value == 0 && !parked && domain.mayRun();
  }

  @Override
  public final int processor() {
    return (int) Math.max(0, processor.value);
  }

  @Override
  public final long info() {
    return info.value;
  }

  @Override
  public final void info(long machineAddress) {
    info.value = machineAddress;
    domain.core.ports.domains().tell((listener, ofDomain) -> listener.moved(this), domain);
  }

  @Override
  public final void runstateArea(long va) {
    area.value = va;
    if (home != null) {
      show(home);
    }
  }

  @Override
  public final void store(long va, byte[] bytes) {
    if (home != null) {
      home.store(va, bytes);
    }
  }

  @Override
  public final long[] runstate() {
    long[] all = {times[0], times[1], times[2], times[3], since.value};
    all[(int) kind.value] += domain.core.now() - since.value;
    return all;
  }

  @Override
  public final int runstateKind() {
    return (int) kind.value;
  }

  /** Notes that it is in a state from now on. @return nanoseconds that it was in the last one */
  long enter(int newKind) {
    long now = domain.core.now();
    long spent = now - since.value;
    times[(int) kind.value] += spent;
    kind.value = newKind;
    since.value = now;
    return spent;
  }

  /** Nanoseconds that it is in its state already. */
  long ran() {
    return domain.core.now() - since.value;
  }

  /** The state that it is in while it doesn't execute. */
  int waitingKind() {
    return online.value == 0 ? OFFLINE : blocked.value != 0 ? BLOCKED : RUNNABLE;
  }

  /** Writes the runstate area, where the guest asked for it, as it reaches memory now. */
  void show(PhysicalCpu on) {
    if (area.value != 0) {
      show(on, domain.wordSize() == 8 ? runstateBytes : narrowRunstate());
    }
  }

  private void show(PhysicalCpu on, byte[] bytes) {
    // vcpu_runstate_info: 64-bit words begin at multiples of 8, or of 4 where words are narrow
    int alignment = bytes.length == 48 ? 8 : 4;
    put(bytes, 0, kind.value, 4);
    put(bytes, alignment, since.value, 8);
    for (int i = 0; i < 4; i++) {
      put(bytes, alignment + 8 + 8 * i, times[i], 8);
    }
    on.store(area.value, bytes);
  }

  private byte[] narrowRunstate() {
    if (narrowRunstateBytes == null) {
      narrowRunstateBytes = new byte[44];
    }
    return narrowRunstateBytes;
  }

  private static void put(byte[] bytes, int at, long value, int size) {
    for (int i = 0; i < size; i++) {
      bytes[at + i] = (byte) (value >>> 8 * i);
    }
  }
}
