// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.lapic;

import static org.xenolith.hw.lapic.LapicRegister.APR;
import static org.xenolith.hw.lapic.LapicRegister.CURRENT_COUNT;
import static org.xenolith.hw.lapic.LapicRegister.DIVIDE;
import static org.xenolith.hw.lapic.LapicRegister.EOI;
import static org.xenolith.hw.lapic.LapicRegister.ESR;
import static org.xenolith.hw.lapic.LapicRegister.ICR_HIGH;
import static org.xenolith.hw.lapic.LapicRegister.ICR_LOW;
import static org.xenolith.hw.lapic.LapicRegister.INITIAL_COUNT;
import static org.xenolith.hw.lapic.LapicRegister.LVT_ERROR;
import static org.xenolith.hw.lapic.LapicRegister.LVT_TIMER;
import static org.xenolith.hw.lapic.LapicRegister.MASKED;
import static org.xenolith.hw.lapic.LapicRegister.PPR;
import static org.xenolith.hw.lapic.LapicRegister.SVR;
import static org.xenolith.hw.lapic.LapicRegister.TPR;

import org.xenolith.machine.api.DeviceContext;
import org.xenolith.regs.DeviceState;
import org.xenolith.regs.LongCell;
import org.xenolith.regs.RegisterFile;
import org.xenolith.x64.api.EndOfInterruptPort;
import org.xenolith.x64.api.LocalInterrupts;
import org.xenolith.x64.api.X64Cpu;

/** The local APIC of one CPU: which interrupts are requested and in service, and what the CPU is told of them. */
final class LocalApic implements LocalInterrupts, LapicTimer.Owner {
  /** Disabled in IA32_APIC_BASE: as if there were none. */
  static final int DISABLED = 0;
  /** Registers in memory. */
  static final int XAPIC = 1;
  /** Model-specific registers. */
  static final int X2APIC = 2;

  private static final LapicRegister[] ROWS = LapicRegister.values();
  private static final int LOWEST_LEGAL_VECTOR = 16;
  private static final int CLASS = 0xF0;
  private static final long SOFTWARE_ENABLED = 1 << 8;
  private static final long BROADCASTS_SUPPRESSED = 1 << 12;
  private static final long DEADLINE_MODE = 1 << 18;

  private final X64Cpu cpu;
  private final LapicFeatures features;
  private final LapicFabric fabric;
  private final EndOfInterruptPort ends;
  private final RegisterFile<LapicRegister> registers;
  private final LongCell mode;
  private final LapicVectors inService;
  private final LapicVectors levels;
  private final LapicVectors requested;
  private final LapicErrors errors;
  private final LapicNames names;
  private final LapicTimer timer;

  LocalApic(DeviceContext context, DeviceState state, X64Cpu cpu, LapicFeatures features, LapicClock scale, LapicFabric fabric,
      EndOfInterruptPort ends) {
    this.cpu = cpu;
    this.features = features;
    this.fabric = fabric;
    this.ends = ends;
    String name = "cpu" + cpu.index();
    mode = state.cell(name + ".mode", XAPIC);
    registers = state.registers(name, LapicRegister.class, context.faults())
        .onRead(APR, this::arbitrationPriority)
        .onRead(PPR, this::processorPriority)
        .onWrite(TPR, value -> update())
        .onWrite(EOI, value -> end())
        .onWrite(SVR, value -> softwareEnable())
        .onWrite(ICR_LOW, value -> send());
    inService = new LapicVectors(registers, LapicRegister.ISR0);
    levels = new LapicVectors(registers, LapicRegister.TMR0);
    requested = new LapicVectors(registers, LapicRegister.IRR0);
    names = new LapicNames(registers, cpu.apicId());
    errors = new LapicErrors(name, state, registers, this::errorInterrupt);
    timer = new LapicTimer(name, context, state, registers, scale, cpu, features.deadline(), this);
    registers.onRead(CURRENT_COUNT, timer::current)
        .onWrite(INITIAL_COUNT, value -> timer.started())
        .onWrite(DIVIDE, value -> timer.update())
        .onWrite(ESR, value -> {
          errors.latch();
          timer.update();
        });
  }

  // ---- Registers

  int mode() {
    return (int) mode.value;
  }

  private boolean isX2() { return mode.value == X2APIC; }

  /** The register at an offset from the first, or null. */
  LapicRegister at(long offset) {
    return (offset & 0xF) == 0 ? registers.at(offset) : null;
  }

  /** A read in memory. */
  long readMemory(long offset) {
    checkAddress(offset);
    return registers.read(offset);
  }

  /** A write in memory. */
  void writeMemory(long offset, long value) {
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
    }
  }

  LapicTimer timer() {
    return timer;
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

  /** The state has been reset. */
  void reset() {
    timer.reset();
    names.identify(isX2());
    update();
  }

  // ---- Interrupts

  /** Tells the CPU whether there is an interrupt that it may take. */
  void update() {
    int vector = mode.value == DISABLED ? -1 : requested.highest();
    cpu.interrupt(vector >= 0 && (vector & CLASS) > (processorPriority() & CLASS));
  }

  /** It is gone, and drives nothing. */
  void silence() {
    cpu.interrupt(false);
  }

  /** PPR (12.8.3.1). */
  private long processorPriority() {
    long task = registers.get(TPR);
    int serving = Math.max(inService.highest(), 0) & CLASS;
    return (task & CLASS) >= serving ? task : serving;
  }

  /** APR (12.6.2.4). */
  long arbitrationPriority() {
    long task = registers.get(TPR);
    int serving = Math.max(inService.highest(), 0) & CLASS;
    int wanted = Math.max(requested.highest(), 0) & CLASS;
    return (task & CLASS) >= wanted && (task & CLASS) > serving ? task : Math.max(task & CLASS & serving, wanted);
  }

  @Override
  public int acknowledge() {
    int vector = mode.value == DISABLED ? -1 : requested.highest();
    if (vector < 0 || (vector & CLASS) <= (processorPriority() & CLASS)) {
      return (int) registers.get(SVR) & 0xFF;
    }
    requested.set(vector, false);
    inService.set(vector, true);
    if (vector == ((int) registers.get(LVT_TIMER) & 0xFF)) {
      timer.update();
    }
    update();
    return vector;
  }

  /** EOI (12.8.5): I/O APICs hear of level-triggered ones. */
  private void end() {
    int vector = inService.highest();
    if (vector < 0) {
      return;
    }
    inService.set(vector, false);
    update();
    if (levels.has(vector) && (registers.get(SVR) & BROADCASTS_SUPPRESSED) == 0) {
      ends.ended(vector);
    }
  }

  private void accept(int vector, boolean level) {
    if (vector < LOWEST_LEGAL_VECTOR) {
      errors.add(LapicErrors.RECEIVED_ILLEGAL_VECTOR);
    } else if (receives()) {
      requested.set(vector, true);
      levels.set(vector, level);
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
  void deliver(int delivery, int vector, boolean level) {
    switch (delivery) {
      case LapicFabric.FIXED, LapicFabric.LOWEST_PRIORITY -> accept(vector, level);
      case LapicFabric.NMI -> cpu.nmi();
      case LapicFabric.INIT -> {
        clear();
        update();
        cpu.init();
      }
      case LapicFabric.START_UP -> cpu.startUp(vector);
      default -> fabric.notDelivered(delivery, cpu.index());
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

  @Override
  public void expired(int vector) {
    accept(vector, false);
  }

  @Override
  public boolean requested(int vector) {
    return vector < LOWEST_LEGAL_VECTOR ? errors.has(LapicErrors.RECEIVED_ILLEGAL_VECTOR) : requested.has(vector);
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
