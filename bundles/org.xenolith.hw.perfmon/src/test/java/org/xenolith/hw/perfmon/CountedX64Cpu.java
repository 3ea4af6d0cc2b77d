// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.perfmon;

import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.xenolith.machine.api.Clock;
import org.xenolith.machine.api.ModelException;
import org.xenolith.x64.api.Cpu;
import org.xenolith.x64.api.LocalInterrupts;
import org.xenolith.x64.api.MsrFault;
import org.xenolith.x64.api.MsrHandler;
import org.xenolith.x64.api.PerformanceMonitor;

/** An x86-64 CPU as a performance monitor sees it: a test says what it executes, and at which level. Its time-stamp counter counts at 3 GHz. */
final class CountedX64Cpu implements Cpu {
  private final int index;
  private final Clock clock;
  private final Consumer<Integer> interrupted;
  private final Map<Integer, MsrHandler> msrs = new HashMap<>();
  private PerformanceMonitor monitor;
  private int watched;
  private long until = Long.MAX_VALUE;
  private long retired;
  private int level;
  private boolean waits;
  private int interrupts;

  /** @param interrupted told how often the monitor has interrupted, whenever it does */
  CountedX64Cpu(int index, Clock clock, Consumer<Integer> interrupted) {
    this.index = index;
    this.clock = clock;
    this.interrupted = interrupted;
  }

  /** Forgets every claim, as closing the context of a device does. */
  void unclaim() {
    msrs.clear();
    monitor = null;
    watched = 0;
    until = Long.MAX_VALUE;
  }

  // ---- What a guest does

  boolean monitored() {
    return monitor != null;
  }

  PerformanceMonitor claimedMonitor() {
    return monitor;
  }

  long rdmsr(int msr) {
    return handler(msr).read(this, msr);
  }

  void wrmsr(int msr, long value) {
    handler(msr).write(this, msr, value);
  }

  private MsrHandler handler(int msr) {
    MsrHandler handler = msrs.get(msr);
    if (handler == null) {
      throw MsrFault.INSTANCE;
    }
    return handler;
  }

  int[] claimed() {
    return msrs.keySet().stream().mapToInt(msr -> msr).sorted().toArray();
  }

  /** Executes so many instructions; the monitor is told where it asked for it. */
  void retire(long instructions) {
    retired += instructions;
    if (retired >= until) {
      until = Long.MAX_VALUE;
      monitor.retiredReached();
    }
  }

  void level(int newLevel) {
    level = newLevel;
    tell(PerformanceMonitor.LEVELS);
  }

  /** Executes so many branches, each of which is an instruction; the monitor is told of each if it asked for that. */
  void branch(int branches) {
    for (int n = 0; n < branches; n++) {
      if ((watched & PerformanceMonitor.BRANCHES) != 0) {
        monitor.branched(level);
      }
      retire(1);
    }
  }

  /** Executes a branch that leads to another level: it is told of at the level that it comes from. */
  void branchTo(int newLevel) {
    boolean told = (watched & PerformanceMonitor.BRANCHES) != 0;
    int from = level;
    level(newLevel);
    if (told) {
      monitor.branched(from);
    }
    retire(1);
  }

  void waits(boolean newWaits) {
    waits = newWaits;
    tell(PerformanceMonitor.ACTIVITY);
  }

  private void tell(int what) {
    if ((watched & what) != 0) {
      monitor.contextChanged();
    }
  }

  int watched() {
    return watched;
  }

  /** Instructions until the monitor wants to be told; {@link Long#MAX_VALUE} for never. */
  long untilReached() {
    return until == Long.MAX_VALUE ? until : until - retired;
  }

  int interrupts() {
    return interrupts;
  }

  // ---- What the device sees

  @Override
  public int index() {
    return index;
  }

  @Override
  public long retired() {
    return retired;
  }

  @Override
  public boolean powered() {
    return true;
  }

  @Override
  public boolean executing() {
    return !waits;
  }

  @Override
  public void powerOff() {}

  @Override
  public int apicId() {
    return index;
  }

  @Override
  public void interrupt(boolean asserted) {}

  @Override
  public void nmi() {}

  @Override
  public void init() {}

  @Override
  public void startUp(int vector) {}

  @Override
  public boolean bootstrap() {
    return index == 0;
  }

  @Override
  public int privilegeLevel() {
    return level;
  }

  @Override
  public long timeStamp() {
    return clock.now() * 3;
  }

  @Override
  public long timeStampHertz() {
    return 3_000_000_000L;
  }

  @Override
  public long timeOf(long timeStamp) {
    return timeStamp / 3;
  }

  @Override
  public void atTimeStampWritten(Runnable action) {}

  @Override
  public int physicalAddressBits() {
    return 40;
  }

  @Override
  public void registersAt(long window, long address) {}

  @Override
  public void claim(LocalInterrupts controller) {
    throw new ModelException("not the device's");
  }

  @Override
  public void claim(MsrHandler handler, int... numbers) {
    for (int msr : numbers) {
      if (msrs.putIfAbsent(msr, handler) != null) {
        throw new AssertionError("CPU " + index + ": MSR 0x" + Integer.toHexString(msr) + " is claimed twice");
      }
    }
  }

  @Override
  public void monitor(PerformanceMonitor newMonitor) {
    monitor = newMonitor;
  }

  @Override
  public void watch(int what, long count) {
    watched = what;
    until = count;
  }

  @Override
  public void performanceInterrupt() {
    interrupts++;
    interrupted.accept(interrupts);
  }
}
