// SPDX-License-Identifier: EPL-2.0
package org.xenolith.lapic.kit;

import org.xenolith.regs.RegisterFile;

/** Which interrupts are requested and in service, and which of them comes next (SDM volume 3, 12.8). */
final class LapicInterrupts {
  /** The priority class, the upper four bits of a vector or a priority. */
  private static final int CLASS = 0xF0;

  private final RegisterFile<LapicRegister> registers;
  private final LapicVectors inService;
  private final LapicVectors levels;
  private final LapicVectors requested;

  LapicInterrupts(RegisterFile<LapicRegister> registers) {
    this.registers = registers;
    inService = new LapicVectors(registers, LapicRegister.ISR0);
    levels = new LapicVectors(registers, LapicRegister.TMR0);
    requested = new LapicVectors(registers, LapicRegister.IRR0);
    registers.onRead(LapicRegister.APR, this::arbitrationPriority).onRead(LapicRegister.PPR, this::processorPriority);
  }

  void request(int vector, boolean level) {
    requested.set(vector, true);
    levels.set(vector, level);
  }

  boolean isRequested(int vector) {
    return requested.has(vector);
  }

  boolean isLevel(int vector) {
    return levels.has(vector);
  }

  /** The vector of the requested one that is above the processor's priority, -1 for none. */
  int next() {
    int vector = requested.highest();
    return vector >= 0 && (vector & CLASS) > (processorPriority() & CLASS) ? vector : -1;
  }

  /** A requested one is in service from now on. */
  void serve(int vector) {
    requested.set(vector, false);
    inService.set(vector, true);
  }

  /** The highest in service isn't any more. @return its vector, or -1 if there was none */
  int end() {
    int vector = inService.highest();
    if (vector >= 0) {
      inService.set(vector, false);
    }
    return vector;
  }

  /** PPR (12.8.3.1). */
  private long processorPriority() {
    long task = registers.get(LapicRegister.TPR);
    int serving = Math.max(inService.highest(), 0) & CLASS;
    return (task & CLASS) >= serving ? task : serving;
  }

  /** APR (12.6.2.4). */
  long arbitrationPriority() {
    long task = registers.get(LapicRegister.TPR);
    int serving = Math.max(inService.highest(), 0) & CLASS;
    int wanted = Math.max(requested.highest(), 0) & CLASS;
    return (task & CLASS) >= wanted && (task & CLASS) > serving ? task : Math.max(task & CLASS & serving, wanted);
  }
}
