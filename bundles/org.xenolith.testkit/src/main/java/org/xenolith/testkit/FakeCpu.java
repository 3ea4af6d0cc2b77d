// SPDX-License-Identifier: EPL-2.0
package org.xenolith.testkit;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.xenolith.arm.api.ArmCpu;
import org.xenolith.arm.api.CpuMonitor;
import org.xenolith.arm.api.SemihostingHandler;
import org.xenolith.arm.api.SmcccHandler;
import org.xenolith.arm.api.SystemRegisterHandler;
import org.xenolith.arm.api.SystemRegisterTrap;

/** A CPU as a device sees it, without instructions: it remembers what the device does to it. */
public final class FakeCpu implements ArmCpu {
  private final int index;
  private final Map<Signal, Boolean> signals = new EnumMap<>(Signal.class);
  private final Map<Integer, SystemRegisterHandler> claimed = new HashMap<>();
  private final Map<Integer, Long> registers = new HashMap<>();
  private final Map<Integer, Long> described = new HashMap<>();
  private final List<Runnable> starts = new ArrayList<>();
  private final List<SmcccHandler> firmware = new ArrayList<>();
  private @Nullable SemihostingHandler semihosting;
  private int exceptionLevel = 1;
  private boolean powered;
  private boolean waiting;
  private int events;
  private long entry;
  private long context;
  private Object platformObject;
  private Object behind;
  private @Nullable CpuMonitor monitor;
  private int watched;
  private long watchedCount = Long.MAX_VALUE;
  private long retired;

  FakeCpu(int index) {
    this.index = index;
    powered = index == 0;
  }

  @Override
  public int index() {
    return index;
  }

  @Override
  public long affinity() {
    return index;
  }

  @Override
  public void signal(Signal signal, boolean level) {
    signals.put(signal, level);
    waiting &= !level;
  }

  /** The level of an interrupt input. */
  public boolean signal(Signal signal) {
    return signals.getOrDefault(signal, false);
  }

  @Override
  public int exceptionLevel() {
    return exceptionLevel;
  }

  /** Sets the exception level that devices see, 1 at first. */
  public void exceptionLevel(int level) {
    exceptionLevel = level;
    contextChanged();
  }

  // ---- What a monitor is told

  @Override
  public long retired() {
    return retired;
  }

  @Override
  public void monitor(CpuMonitor newMonitor) {
    if (monitor != null) {
      throw new AssertionError("CPU " + index + ": has a monitor already");
    }
    monitor = newMonitor;
  }

  @Override
  public void watch(int what, long count) {
    watched = what;
    watchedCount = count;
  }

  /** What the monitor is told now, as given to {@link #watch}. */
  public int watched() {
    return watched;
  }

  /** Instructions that may be executed until the monitor is told; {@link Long#MAX_VALUE} for any number. */
  public long untilReached() {
    return watchedCount == Long.MAX_VALUE ? Long.MAX_VALUE : watchedCount - retired;
  }

  /** Executes instructions; the monitor is told when its count is reached, and the rest follows then. */
  public void retire(long instructions) {
    long end = retired + instructions;
    while (watchedCount <= end) {
      retired = Math.max(retired, watchedCount);
      watchedCount = Long.MAX_VALUE;
      monitor.retiredReached();
    }
    retired = end;
  }

  /** Executes a branch of a {@link CpuMonitor}'s kind. */
  public void branch(int kind) {
    if ((watched & CpuMonitor.BRANCHES) != 0) {
      monitor.branched(exceptionLevel, kind);
    }
    retire(1);
  }

  /** Takes an exception to a level. */
  public void takeException(int level) {
    if ((watched & CpuMonitor.LEVELS) != 0) {
      monitor.exceptionTaken();
    }
    exceptionLevel(level);
  }

  /** Returns from an exception to a level. */
  public void returnFromException(int level) {
    if ((watched & CpuMonitor.LEVELS) != 0) {
      monitor.exceptionReturns();
    }
    exceptionLevel(level);
  }

  /** Software has written MDCR_EL2 or the like; {@link #exceptionLevel(int)} says so itself. */
  public void contextChanged() {
    if ((watched & CpuMonitor.LEVELS) != 0) {
      monitor.contextChanged();
    }
  }

  /** Has the monitor reset, as when the CPU is powered on. */
  public void powerUp() {
    if (monitor != null) {
      monitor.poweredUp();
    }
  }

  @Override
  public long systemRegister(int id) {
    return registers.getOrDefault(id, 0L);
  }

  /** Sets what {@link #systemRegister(int)} tells devices. */
  public void systemRegister(int id, long value) {
    registers.put(id, value);
  }

  @Override
  public long described(int id) {
    return described.getOrDefault(id, 0L);
  }

  /** Sets what {@link #described(int)} tells devices; before they are made. */
  public void described(int id, long value) {
    described.put(id, value);
  }

  @Override
  public void claim(SystemRegisterHandler handler, int... ids) {
    for (int id : ids) {
      if (claimed.putIfAbsent(id, handler) != null) {
        throw new AssertionError("CPU " + index + ": system register 0x" + Integer.toHexString(id) + " is claimed twice");
      }
    }
  }

  /** The guest's MRS of a claimed register; UNDEFINED for one that nobody claimed. */
  public long mrs(int id) {
    return handler(id).read(this, id);
  }

  /** What a claimed register counts at, as an engine asks; see {@code SystemRegisterHandler.frequency}. */
  public long frequency(int id) {
    return handler(id).frequency(id);
  }

  /** The guest's MSR to a claimed register; UNDEFINED for one that nobody claimed. */
  public void msr(int id, long value) {
    handler(id).write(this, id, value);
  }

  /** The ids of all claimed system registers in ascending order. */
  public int[] claimedRegisters() {
    int[] ids = claimed.keySet().stream().mapToInt(Integer::intValue).toArray();
    Arrays.sort(ids);
    return ids;
  }

  private SystemRegisterHandler handler(int id) {
    SystemRegisterHandler handler = claimed.get(id);
    if (handler == null) {
      throw SystemRegisterTrap.UNDEFINED;
    }
    return handler;
  }

  /** Forgets every claim, as closing the context of a device does. */
  void unclaim() {
    claimed.clear();
    starts.clear();
    firmware.clear();
    semihosting = null;
    monitor = null;
    watch(0, Long.MAX_VALUE);
  }

  @Override
  public void firmware(SmcccHandler handler) {
    firmware.add(handler);
  }

  /** Who answers its firmware calls. */
  List<SmcccHandler> firmware() {
    return firmware;
  }

  @Override
  public void semihosting(SemihostingHandler handler) {
    semihosting = handler;
  }

  /** Who answers its semihosting calls; null for nobody. */
  public SemihostingHandler semihosting() {
    return semihosting;
  }

  @Override
  public void event() {
    events++;
  }

  /** How often {@link #event} was called. */
  public int events() {
    return events;
  }

  @Override
  public boolean powered() {
    return powered;
  }

  @Override
  public void powerOn(long newEntry, long newContext) {
    powered = true;
    entry = newEntry;
    context = newContext;
    starts.forEach(Runnable::run);
  }

  @Override
  public void atPowerOn(Runnable firmware) {
    starts.add(firmware);
  }

  /** The entry of the last {@link #powerOn}. */
  public long entry() {
    return entry;
  }

  /** The context of the last {@link #powerOn}. */
  public long context() {
    return context;
  }

  @Override
  public void powerOff() {
    powered = false;
  }

  @Override
  public void waitForInterrupt() {
    waiting = true;
  }

  /** Whether it waits for an interrupt. */
  public boolean waiting() {
    return waiting;
  }

  /** What {@link #as} gives away where this type doesn't do, such as a CPU's architectural state. */
  public void platformObject(Object object) {
    platformObject = object;
  }

  /** The same, of two kinds: what the first isn't, the other is. */
  public void platformObjects(Object first, Object other) {
    platformObject = first;
    behind = other;
  }

  @Override
  public <T> T as(Class<T> type) {
    if (!type.isInstance(this)) {
      if (type.isInstance(platformObject)) {
        return type.cast(platformObject);
      }
      if (type.isInstance(behind)) {
        return type.cast(behind);
      }
    }
    return ArmCpu.super.as(type);
  }
}
