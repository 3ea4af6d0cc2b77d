// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.lapic;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.xenolith.machine.api.Clock;
import org.xenolith.x64.api.Cpu;
import org.xenolith.x64.api.LocalInterrupts;
import org.xenolith.x64.api.MsrHandler;

/** An x86-64 CPU without instructions, as a device sees it: remembers what the device does to it. Its time-stamp counter counts at 2 GHz. */
final class RecordingX64Cpu implements Cpu {
  /** What it was told besides the level of INTR, such as {@code nmi} and {@code start-up 0x9a}. */
  final List<String> told = new ArrayList<>();
  private final int index;
  private final int apicId;
  private final Clock clock;
  private final Consumer<Boolean> pin;
  private final Map<Integer, MsrHandler> msrs = new HashMap<>();
  private final List<Runnable> timeStampListeners = new ArrayList<>();
  private LocalInterrupts controller;
  private boolean interrupt;
  private long offset;
  private long placed;

  /** @param pin told the level of INTR, too */
  RecordingX64Cpu(int index, int apicId, Clock clock, Consumer<Boolean> pin) {
    this.index = index;
    this.apicId = apicId;
    this.clock = clock;
    this.pin = pin;
  }

  /** Forgets every claim, as closing the context of a device does. */
  void unclaim() {
    msrs.clear();
    timeStampListeners.clear();
    controller = null;
  }

  LocalInterrupts controller() {
    return controller;
  }

  boolean interrupt() {
    return interrupt;
  }

  long rdmsr(int msr) {
    return msrs.get(msr).read(this, msr);
  }

  void wrmsr(int msr, long value) {
    msrs.get(msr).write(this, msr, value);
  }

  boolean has(int msr) {
    return msrs.containsKey(msr);
  }

  void writeTimeStamp(long value) {
    offset = value - clock.now() * 2;
    timeStampListeners.forEach(Runnable::run);
  }

  @Override
  public int physicalAddressBits() {
    return 40;
  }

  @Override
  public void registersAt(long window, long address) {
    placed = address;
  }

  /** Where it was told that it finds registers. */
  long placed() {
    return placed;
  }

  @Override
  public int index() {
    return index;
  }

  @Override
  public boolean powered() {
    return true;
  }

  @Override
  public void powerOff() {}

  @Override
  public int apicId() {
    return apicId;
  }

  @Override
  public void interrupt(boolean level) {
    interrupt = level;
    pin.accept(level);
  }

  @Override
  public void nmi() {
    told.add("nmi");
  }

  @Override
  public void init() {
    told.add("init");
  }

  @Override
  public void startUp(int vector) {
    told.add("start-up 0x" + Integer.toHexString(vector));
  }

  @Override
  public boolean bootstrap() {
    return index == 0;
  }

  @Override
  public int privilegeLevel() {
    return 0;
  }

  @Override
  public long timeStamp() {
    return clock.now() * 2 + offset;
  }

  @Override
  public long timeStampHertz() {
    return 2_000_000_000L;
  }

  @Override
  public long timeOf(long timeStamp) {
    if (Long.compareUnsigned(timeStamp, timeStamp()) <= 0) {
      return clock.now();
    }
    long wait = timeStamp - timeStamp();
    return wait < 0 ? Long.MAX_VALUE : clock.now() + (wait + 1 >>> 1);
  }

  @Override
  public void atTimeStampWritten(Runnable action) {
    timeStampListeners.add(action);
  }

  @Override
  public void claim(LocalInterrupts newController) {
    if (controller != null) {
      throw new AssertionError("CPU " + index + " has a local interrupt controller");
    }
    controller = newController;
  }

  @Override
  public void claim(MsrHandler handler, int... numbers) {
    for (int msr : numbers) {
      if (msrs.putIfAbsent(msr, handler) != null) {
        throw new AssertionError("CPU " + index + ": MSR 0x" + Integer.toHexString(msr) + " is claimed twice");
      }
    }
  }
}
