// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.amdvi;

import static org.xenolith.hw.amdvi.AmdViRegister.CONTROL;
import static org.xenolith.hw.amdvi.AmdViRegister.EVENT_BASE;
import static org.xenolith.hw.amdvi.AmdViRegister.EVENT_HEAD;
import static org.xenolith.hw.amdvi.AmdViRegister.EVENT_TAIL;
import static org.xenolith.hw.amdvi.AmdViRegister.STATUS;

import org.xenolith.machine.api.DmaPort;
import org.xenolith.machine.api.ExternalAbort;
import org.xenolith.regs.RegisterFile;

/** Logs what went wrong as 16-byte events in memory (48882, 2.5). */
final class AmdViEvents {
  /** The event codes that are reported (2.5.2 to 2.5.9). */
  enum Code {
    ILLEGAL_DEV_TABLE_ENTRY(1),
    IO_PAGE_FAULT(2),
    DEV_TAB_HARDWARE_ERROR(3),
    PAGE_TAB_HARDWARE_ERROR(4),
    ILLEGAL_COMMAND_ERROR(5),
    COMMAND_HARDWARE_ERROR(6),
    INVALID_DEVICE_REQUEST(8);

    private final long number;

    Code(long number) {
      this.number = number;
    }
  }

  /** Of an interrupt, not of an access to memory. */
  static final long INTERRUPT = 1L << 51;
  /** There is a page, or an interrupt remapping entry. */
  static final long PRESENT = 1L << 52;
  /** A write. */
  static final long WRITE = 1L << 53;
  /** Not permitted. */
  static final long PERMISSION = 1L << 54;
  /** Something in a table that is reserved. */
  static final long RESERVED = 1L << 55;
  /** Nobody answers: the type of hardware errors. */
  static final long MASTER_ABORT = 1L << 57;
  /** EventLogEn. */
  static final long ENABLE = 1 << 2;
  /** EventLogRun. */
  static final long RUNS = 1 << 3;
  private static final long OVERFLOW = 1;
  private static final long TOLD = 1 << 1;
  private static final long INTERRUPTS = 1 << 3;
  private static final int CODE = 60;
  private static final int DOMAIN = 32;

  private final RegisterFile<AmdViRegister> registers;
  private final DmaPort memory;
  private final Runnable interrupt;
  private final AmdViRing ring;

  /** @param interrupt sends the message of the IOMMU itself */
  AmdViEvents(RegisterFile<AmdViRegister> registers, DmaPort memory, Runnable interrupt) {
    this.registers = registers;
    this.memory = memory;
    this.interrupt = interrupt;
    ring = new AmdViRing(registers, EVENT_BASE, EVENT_HEAD, EVENT_TAIL);
  }

  /**
   * Logs an event, if the log runs and has room; without room it stops (2.5.1).
   *
   * @param device  who it is about; 0 for none
   * @param domain  its domain; 0 for none
   * @param flags   of the code
   * @param address that it is about
   */
  void log(Code code, long device, long domain, long flags, long address) {
    if ((registers.get(STATUS) & RUNS) == 0) {
      return;
    }
    if (ring.full()) {
      registers.bits(STATUS, RUNS, false);
      registers.bits(STATUS, OVERFLOW, true);
      tell();
      return;
    }
    long at = ring.free();
    try {
      memory.write(at, 8, device & 0xFFFF | domain << DOMAIN | flags | code.number << CODE);
      memory.write(at + 8, 8, address);
    } catch (ExternalAbort nowhere) {
      // A log that is nowhere can take no word of it: the log stops, as software that looks sees.
      registers.bits(STATUS, RUNS, false);
      return;
    }
    ring.produced();
    tell();
  }

  private void tell() {
    boolean told = (registers.get(STATUS) & TOLD) != 0;
    registers.bits(STATUS, TOLD, true);
    if (!told && (registers.get(CONTROL) & INTERRUPTS) != 0) {
      interrupt.run();
    }
  }

  /** EVENT_BASE was written. */
  void restart() {
    ring.restart();
  }
}
