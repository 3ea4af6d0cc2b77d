// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.smmuv3;

import org.xenolith.machine.api.ExternalAbort;
import org.xenolith.machine.api.PhysicalBus;

/**
 * One SMMU's registers by the bus, pages 0 and 1 (Arm IHI 0070, 6.3). Each access throws
 * {@link ExternalAbort} while nothing answers.
 */
final class Registers {
  static final int IDR0 = 0x0;
  static final int IDR1 = 0x4;
  static final int IDR5 = 0x14;
  static final int CR0 = 0x20;
  static final int CR0ACK = 0x24;
  static final int CR1 = 0x28;
  static final int CR2 = 0x2C;
  static final int GBPA = 0x44;
  static final int IRQ_CTRL = 0x50;
  static final int IRQ_CTRLACK = 0x54;
  static final int GERROR = 0x60;
  static final int GERRORN = 0x64;
  static final int GERROR_IRQ_CFG0 = 0x68;
  static final int STRTAB_BASE = 0x80;
  static final int STRTAB_BASE_CFG = 0x88;
  static final int CMDQ_BASE = 0x90;
  static final int CMDQ_PROD = 0x98;
  static final int CMDQ_CONS = 0x9C;
  static final int EVENTQ_BASE = 0xA0;
  static final int EVENTQ_IRQ_CFG0 = 0xB0;
  static final int EVENTQ_PROD = 0x1_00A8;
  static final int EVENTQ_CONS = 0x1_00AC;
  /** Bytes of the two pages. */
  static final int SIZE = 0x2_0000;
  /** Times a register is read until it says what is waited for. */
  static final int POLLS = 1024;

  private static final long ALL_ONES = 0xFFFF_FFFFL;

  private final PhysicalBus bus;
  private final long base;

  Registers(PhysicalBus bus, long base) {
    this.bus = bus;
    this.base = base;
  }

  long read(int register) {
    return bus.read(base + register, 4) & 0xFFFF_FFFFL;
  }

  /** Reads one that is never all ones, which it reads where a device was taken out. */
  long present(int register) {
    long value = read(register);
    if (value == ALL_ONES) {
      throw ExternalAbort.INSTANCE;
    }
    return value;
  }

  void write(int register, long value) {
    bus.write(base + register, 4, value & 0xFFFF_FFFFL);
  }

  void write64(int register, long value) {
    bus.write(base + register, 8, value);
  }

  /** Waits until some bits of a register are so. @return false if they don't become so */
  boolean becomes(int register, long mask, long value) {
    for (int i = 0; i < POLLS; i++) {
      if ((read(register) & mask) == value) {
        return true;
      }
    }
    return false;
  }
}
