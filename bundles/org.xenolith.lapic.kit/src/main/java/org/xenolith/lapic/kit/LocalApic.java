// SPDX-License-Identifier: EPL-2.0
package org.xenolith.lapic.kit;

import static org.xenolith.lapic.kit.LapicRegister.CURRENT_COUNT;
import static org.xenolith.lapic.kit.LapicRegister.DIVIDE;
import static org.xenolith.lapic.kit.LapicRegister.EOI;
import static org.xenolith.lapic.kit.LapicRegister.ESR;
import static org.xenolith.lapic.kit.LapicRegister.ICR_HIGH;
import static org.xenolith.lapic.kit.LapicRegister.ICR_LOW;
import static org.xenolith.lapic.kit.LapicRegister.INITIAL_COUNT;
import static org.xenolith.lapic.kit.LapicRegister.LVT_ERROR;
import static org.xenolith.lapic.kit.LapicRegister.LVT_PERFORMANCE;
import static org.xenolith.lapic.kit.LapicRegister.LVT_TIMER;
import static org.xenolith.lapic.kit.LapicRegister.MASKED;
import static org.xenolith.lapic.kit.LapicRegister.SVR;
import static org.xenolith.lapic.kit.LapicRegister.TPR;

import org.jspecify.annotations.Nullable;
import org.xenolith.regs.DeviceState;
import org.xenolith.regs.LongCell;
import org.xenolith.regs.RegisterFaults;
import org.xenolith.regs.RegisterFile;
import org.xenolith.x64.api.LocalInterrupts;

/** The local APIC of one CPU: which interrupts are requested and in service, and what the CPU is told of them. */
public final class LocalApic implements LocalInterrupts {
  /** Disabled in IA32_APIC_BASE: as if there were none. */
  public static final int DISABLED = 0;
  /** Registers in memory. */
  public static final int XAPIC = 1;
  /** Model-specific registers. */
  public static final int X2APIC = 2;

  private static final LapicRegister[] ROWS = LapicRegister.values();
  private static final int LOWEST_LEGAL_VECTOR = 16;
  private static final long SOFTWARE_ENABLED = 1 << 8;
  private static final long BROADCASTS_SUPPRESSED = 1 << 12;
  private static final long DEADLINE_MODE = 1 << 18;

  private final LapicSurroundings surroundings;
  private final LapicFeatures features;
  private final LapicFabric fabric;
  private final RegisterFile<LapicRegister> registers;
  private final LongCell mode;
  private final LapicInterrupts interrupts;
  private final LapicErrors errors;
  private final LapicNames names;
  private final LapicTimer timer;

  /**
   * A local APIC, whose fields are declared.
   *
   * @param name   what the fields' names begin with, before a full stop
   * @param faults told of accesses to registers that there aren't, by offset
   * @param apicId its initial id; in xAPIC mode the lower eight bits count
   * @param scale  what the timer counts before its divider
   * @param fabric brings it messages, and takes its own
   */
  public LocalApic(String name, DeviceState state, RegisterFaults faults, int apicId, LapicFeatures features, LapicClock scale,
      LapicFabric fabric, LapicSurroundings surroundings) {
    this.surroundings = surroundings;
    this.features = features;
    this.fabric = fabric;
    mode = state.cell(name + ".mode", XAPIC);
    registers = state.registers(name, LapicRegister.class, faults)
        .onWrite(TPR, value -> update())
        .onWrite(EOI, value -> end())
        .onWrite(SVR, value -> softwareEnable())
        .onWrite(ICR_LOW, value -> send());
    interrupts = new LapicInterrupts(registers);
    names = new LapicNames(registers, apicId);
    errors = new LapicErrors(name, state, registers, this::errorInterrupt);
    timer = new LapicTimer(name, state, registers, scale, surroundings, this);
    registers.onRead(CURRENT_COUNT, timer::current)
        .onWrite(INITIAL_COUNT, value -> timer.started())
        .onWrite(DIVIDE, value -> timer.update())
        .onWrite(ESR, value -> {
          errors.latch();
          timer.update();
        });
  }

  // ---- Registers

  /** {@link #DISABLED}, {@link #XAPIC} or {@link #X2APIC}. */
  public int mode() {
    return (int) mode.value;
  }

  private boolean isX2() { return mode.value == X2APIC; }

  /** The register at an offset from the first, or null. */
  @Nullable
  LapicRegister at(long offset) {
    return (offset & 0xF) == 0 ? registers.at(offset) : null;
  }

  /** A read in memory, of four bytes at an offset from the first register. Only in xAPIC mode is it there. */
  public long readMemory(long offset) {
    checkAddress(offset);
    return registers.read(offset);
  }

  /** A write in memory. */
  public void writeMemory(long offset, long value) {
    checkAddress(offset);
    LapicRegister register = at(offset);
    if (register == null) {
      registers.write(offset, value);
    } else {
      write(register, value);
    }
  }

  /** What lies between registers, which are 16 bytes apart, is undefined; an address of a register that there isn't is an error. */
  private void checkAddress(long offset) {
    if ((offset & 0xF) == 0 && registers.at(offset) == null) {
      errors.add(LapicErrors.ILLEGAL_REGISTER_ADDRESS);
    }
  }

  /** A register as a guest reads it. */
  long read(LapicRegister register) {
    return registers.read(register.spec().offset());
  }

  /** A guest writes a register; bits that can't be written are ignored. */
  void write(LapicRegister register, long value) {
    int offset = register.spec().offset();
    if (register.local()) {
      writeLocal(register, value);
    } else if (register == INITIAL_COUNT) {
      if (timer.startable()) {
        registers.write(offset, value);
      }
    } else {
      if (register == DIVIDE) {
        timer.hold();
      }
      registers.write(offset, value);
    }
  }

  /** While it is disabled by software, every entry of the local vector table stays masked (12.4.7.2). */
  private void writeLocal(LapicRegister register, long value) {
    long masks = isSoftwareEnabled() ? 0 : MASKED;
    if (register == LVT_TIMER) {
      timer.settle();
      int before = timer.mode();
      registers.write(register.spec().offset(), (features.deadline() ? value : value & ~DEADLINE_MODE) | masks);
      timer.modeWritten(before);
    } else {
      registers.write(register.spec().offset(), value | masks);
    }
  }

  private void send() {
    long high = registers.get(ICR_HIGH);
    fabric.command(this, (int) registers.get(ICR_LOW), (int) (isX2() ? high : high >>> 24), isX2());
  }

  /** ICR of the x2APIC mode: both halves at once. */
  long command() {
    return registers.get(ICR_HIGH) << 32 | registers.get(ICR_LOW);
  }

  /** ICR of the x2APIC mode is written. */
  void command(long value) {
    registers.set(ICR_HIGH, value >>> 32);
    write(ICR_LOW, value & 0xFFFF_FFFFL);
  }

  /** SELF IPI (12.12.11). */
  void self(int vector) {
    accept(vector, false);
  }

  private boolean isSoftwareEnabled() { return (registers.get(SVR) & SOFTWARE_ENABLED) != 0; }

  private void softwareEnable() {
    if (!isSoftwareEnabled()) {
      for (int i = LVT_TIMER.ordinal(); i <= LVT_ERROR.ordinal(); i++) {
        registers.bits(ROWS[i], MASKED, true);
      }
      timer.update();
    } else {
      surroundings.softwareEnabled();
    }
  }

  LapicTimer timer() {
    return timer;
  }

  /** The time that {@link LapicSurroundings#alarm} named has come. */
  public void due() {
    timer.fire();
  }

  /** {@link LapicSurroundings#timeOf} gives other times from now on. */
  public void timeStampWritten() {
    timer.timeStampWritten();
  }

  boolean bootstrap() {
    return surroundings.bootstrap();
  }

  /** IA32_APIC_BASE is written, and the change of the mode is a legal one. */
  void mode(int newMode) {
    if (newMode != mode.value) {
      mode.value = newMode;
      if (newMode == DISABLED) {
        clear();
      }
      names.identify(isX2());
      update();
    }
  }

  // ---- Reset

  /** After INIT: as after power-on, but for the mode (12.4.7.3, 12.12.5.1). */
  private void clear() {
    for (LapicRegister row : ROWS) {
      registers.set(row, row.spec().reset());
    }
    errors.reset();
    timer.reset();
    names.identify(isX2());
  }

  /** Its CPU is reset by INIT: all is as after power-on but the mode. */
  public void init() {
    clear();
    update();
  }

  /** The state has been reset, as by power-on. */
  public void reset() {
    timer.reset();
    names.identify(isX2());
    update();
  }

  // ---- Interrupts

  /** Tells the CPU whether there is an interrupt that it may take. */
  public void update() {
    surroundings.interrupt(pending());
  }

  /** Whether there is one. */
  public boolean pending() {
    return next() >= 0;
  }

  private int next() {
    return mode.value == DISABLED ? -1 : interrupts.next();
  }

  /** It is gone, and drives nothing. */
  public void silence() {
    surroundings.interrupt(false);
  }

  /** APR. */
  long arbitrationPriority() {
    return interrupts.arbitrationPriority();
  }

  @Override
  public int acknowledge() {
    int vector = take();
    return vector < 0 ? (int) registers.get(SVR) & 0xFF : vector;
  }

  /** As {@link #acknowledge}, but without a spurious interrupt. @return the vector that is in service now, or -1 if nothing {@link #pending waits} */
  public int take() {
    int vector = next();
    if (vector >= 0) {
      interrupts.serve(vector);
      if (vector == ((int) registers.get(LVT_TIMER) & 0xFF)) {
        timer.update();
      }
      update();
    }
    return vector;
  }

  /** EOI (12.8.5): I/O APICs hear of level-triggered ones. */
  private void end() {
    int vector = interrupts.end();
    if (vector < 0) {
      return;
    }
    update();
    if (interrupts.isLevel(vector) && (registers.get(SVR) & BROADCASTS_SUPPRESSED) == 0) {
      surroundings.ended(vector);
    }
  }

  private void accept(int vector, boolean level) {
    if (vector < LOWEST_LEGAL_VECTOR) {
      errors.add(LapicErrors.RECEIVED_ILLEGAL_VECTOR);
    } else if (receives()) {
      interrupts.request(vector, level);
      update();
    }
  }

  /** Whether it takes interrupts of vectors, as it does while neither hardware nor software has disabled it. */
  boolean receives() {
    return mode.value != DISABLED && isSoftwareEnabled();
  }

  /**
   * A message whose destination it is.
   *
   * @param delivery delivery mode (table 12-2), any of its eight values
   * @param level    whether the interrupt is level-triggered
   */
  public void deliver(int delivery, int vector, boolean level) {
    switch (delivery) {
      case LapicFabric.FIXED, LapicFabric.LOWEST_PRIORITY -> accept(vector, level);
      case LapicFabric.NMI -> surroundings.nmi();
      case LapicFabric.INIT -> {
        init();
        surroundings.init();
      }
      case LapicFabric.START_UP -> surroundings.startUp(vector);
      default -> surroundings.notDelivered(delivery);
    }
  }

  /**
   * Whether it is a destination; none of anything while it is disabled.
   *
   * @param wide whether the destination has 32 bits, else 8
   */
  boolean matches(int destination, boolean wide, boolean logical) {
    return mode.value != DISABLED && names.match(isX2(), destination, wide, logical);
  }

  /** An error in what its CPU does. */
  void error(int error) {
    errors.add(error);
  }

  private void errorInterrupt() {
    long entry = registers.get(LVT_ERROR);
    if ((entry & MASKED) == 0) {
      accept((int) entry & 0xFF, false);
    }
  }

  /** The timer's interrupt, which isn't masked. */
  void expired(int vector) {
    accept(vector, false);
  }

  /** Masked by the interrupt itself, so that its handler isn't interrupted by the same; edge-triggered, whatever is delivered (12.5.1, 20.6). */
  @Override
  public void performanceInterrupt() {
    long entry = registers.get(LVT_PERFORMANCE);
    if (mode.value != DISABLED && (entry & MASKED) == 0) {
      registers.bits(LVT_PERFORMANCE, MASKED, true);
      int delivery = (int) entry >> 8 & 7;
      if (delivery == LapicFabric.FIXED || delivery == LapicFabric.NMI || delivery == LapicFabric.SMI) {
        deliver(delivery, (int) entry & 0xFF, false);
      } else {
        surroundings.notDelivered(delivery);
      }
    }
  }

  /** Whether another interrupt of that vector would change nothing. */
  boolean requested(int vector) {
    return vector < LOWEST_LEGAL_VECTOR ? errors.has(LapicErrors.RECEIVED_ILLEGAL_VECTOR) : interrupts.isRequested(vector);
  }

  // ---- What the CPU asks

  @Override
  public int taskPriority() {
    return (int) registers.get(TPR) >>> 4;
  }

  @Override
  public void taskPriority(int priority) {
    registers.set(TPR, (priority & 0xFL) << 4);
    update();
  }

  @Override
  public boolean enabled() {
    return mode.value != DISABLED;
  }

  @Override
  public boolean x2apic() {
    return features.x2apic();
  }

  @Override
  public boolean deadline() {
    return features.deadline();
  }
}
