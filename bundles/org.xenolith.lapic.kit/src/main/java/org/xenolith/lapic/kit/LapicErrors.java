// SPDX-License-Identifier: EPL-2.0
package org.xenolith.lapic.kit;

import org.xenolith.regs.DeviceState;
import org.xenolith.regs.LongCell;
import org.xenolith.regs.RegisterFile;

/** What a local APIC has found wrong (SDM volume 3, 12.5.3). A write to ESR shows it and makes room for more; the first error after one is an interrupt. */
final class LapicErrors {
  /** An interprocessor interrupt of the lowest priority, which it doesn't send. */
  static final int REDIRECTIBLE_IPI = 1 << 4;
  /** A vector below 16 in an interprocessor interrupt. */
  static final int SEND_ILLEGAL_VECTOR = 1 << 5;
  /** A vector below 16 in a message, or of an interrupt of its own. */
  static final int RECEIVED_ILLEGAL_VECTOR = 1 << 6;
  /** A register that there isn't. */
  static final int ILLEGAL_REGISTER_ADDRESS = 1 << 7;

  private final RegisterFile<LapicRegister> registers;
  private final LongCell found;
  private final Runnable first;

  /** @param first an error was found, and there was none */
  LapicErrors(String name, DeviceState state, RegisterFile<LapicRegister> registers, Runnable first) {
    this.registers = registers;
    this.first = first;
    found = state.cell(name + ".errors", 0);
  }

  boolean has(int error) {
    return (found.value & error) != 0;
  }

  void add(int error) {
    boolean none = found.value == 0;
    found.value |= error;
    if (none) {
      first.run();
    }
  }

  /** A write to ESR. */
  void latch() {
    registers.set(LapicRegister.ESR, found.value);
    found.value = 0;
  }

  void reset() {
    found.value = 0;
  }
}
