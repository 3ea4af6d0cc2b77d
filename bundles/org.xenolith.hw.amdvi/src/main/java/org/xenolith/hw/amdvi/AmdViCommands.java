// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.amdvi;

import static org.xenolith.hw.amdvi.AmdViRegister.COMMAND_BASE;
import static org.xenolith.hw.amdvi.AmdViRegister.COMMAND_HEAD;
import static org.xenolith.hw.amdvi.AmdViRegister.COMMAND_TAIL;
import static org.xenolith.hw.amdvi.AmdViRegister.CONTROL;
import static org.xenolith.hw.amdvi.AmdViRegister.STATUS;

import org.xenolith.hw.amdvi.AmdViEvents.Code;
import org.xenolith.machine.api.Alarm;
import org.xenolith.machine.api.Clock;
import org.xenolith.machine.api.DeviceTime;
import org.xenolith.machine.api.DmaPort;
import org.xenolith.machine.api.ExternalAbort;
import org.xenolith.regs.RegisterFile;

/**
 * Executes the commands of the command buffer (48882, 2.4), but only so many at a time; the others follow a little later, so that no write of a guest takes long. One that is
 * illegal stops it.
 */
final class AmdViCommands {
  /** CmdBufEn. */
  static final long ENABLE = 1 << 12;
  /** CmdBufRun. */
  static final long RUNS = 1 << 4;
  private static final long DONE = 1 << 2;
  private static final long INTERRUPTS = 1 << 4;
  private static final int OPCODE = 60;
  private static final int COMPLETION_WAIT = 1;
  private static final int INVALIDATE_DEVTAB_ENTRY = 2;
  private static final int INVALIDATE_IOMMU_PAGES = 3;
  private static final int INVALIDATE_IOTLB_PAGES = 4;
  private static final int INVALIDATE_INTERRUPT_TABLE = 5;
  private static final int PREFETCH_IOMMU_PAGES = 6;
  private static final int INVALIDATE_IOMMU_ALL = 8;
  private static final long STORE = 1;
  private static final long INTERRUPT = 1 << 1;
  private static final long STORE_ADDRESS = 0x000F_FFFF_FFFF_FFF8L;
  private static final int PAGE_BITS = 12;
  /** Commands that are executed at a time, and time until the rest is looked at, ns. */
  static final int AT_ONCE = 512;
  static final long PAUSE = 1000;

  private final RegisterFile<AmdViRegister> registers;
  private final DmaPort memory;
  private final AmdViEvents events;
  private final Runnable interrupt;
  private final AmdViDevices devices;
  private final AmdViTlb tlb;
  private final AmdViRing ring;
  private final Clock clock;
  private final Alarm rest;

  /** @param interrupt sends the message of the IOMMU itself */
  AmdViCommands(DeviceTime time, RegisterFile<AmdViRegister> registers, DmaPort memory, AmdViEvents events, Runnable interrupt,
      AmdViDevices devices,
      AmdViTlb tlb) {
    this.registers = registers;
    this.memory = memory;
    this.events = events;
    this.interrupt = interrupt;
    this.devices = devices;
    this.tlb = tlb;
    ring = new AmdViRing(registers, COMMAND_BASE, COMMAND_HEAD, COMMAND_TAIL);
    clock = time.clock();
    rest = time.alarm("commands", this::run);
  }

  /** Executes what waits, if commands run. */
  void run() {
    rest.cancel();
    for (int left = AT_ONCE; (registers.get(STATUS) & RUNS) != 0 && !ring.empty(); left--) {
      if (left == 0) {
        rest.at(clock.now() + PAUSE);
        return;
      }
      long at = ring.oldest();
      long first;
      long second;
      try {
        first = memory.read(at, 8);
        second = memory.read(at + 8, 8);
      } catch (ExternalAbort nobody) {
        stop(Code.COMMAND_HARDWARE_ERROR, AmdViEvents.MASTER_ABORT, at);
        return;
      }
      if (!execute(at, first, second)) {
        return;
      }
      ring.consumed();
    }
  }

  /** Nothing is under way. */
  void reset() {
    rest.cancel();
  }

  /** COMMAND_BASE was written. */
  void restart() {
    rest.cancel();
    ring.restart();
  }

  private void stop(Code code, long flags, long at) {
    registers.bits(STATUS, RUNS, false);
    events.log(code, 0, 0, flags, at);
  }

  private boolean execute(long at, long first, long second) {
    switch ((int) (first >>> OPCODE)) {
      case COMPLETION_WAIT -> {
        return complete(at, first, second);
      }
      case INVALIDATE_DEVTAB_ENTRY -> devices.drop((int) first & 0xFFFF);
      case INVALIDATE_IOMMU_PAGES -> invalidate((int) (first >>> 32) & 0xFFFF, second);
      // Interrupt remapping entries aren't kept, no device has a TLB of its own, and nothing needs to be fetched early.
      case INVALIDATE_INTERRUPT_TABLE, INVALIDATE_IOTLB_PAGES, PREFETCH_IOMMU_PAGES -> {
      }
      case INVALIDATE_IOMMU_ALL -> {
        devices.clear();
        tlb.clear();
      }
      default -> {
        stop(Code.ILLEGAL_COMMAND_ERROR, 0, at);
        return false;
      }
    }
    return true;
  }

  private boolean complete(long at, long first, long second) {
    if ((first & STORE) != 0) {
      try {
        memory.write(first & STORE_ADDRESS, 8, second);
      } catch (ExternalAbort nobody) {
        stop(Code.COMMAND_HARDWARE_ERROR, AmdViEvents.MASTER_ABORT, at);
        return false;
      }
    }
    if ((first & INTERRUPT) != 0) {
      boolean told = (registers.get(STATUS) & DONE) != 0;
      registers.bits(STATUS, DONE, true);
      if (!told && (registers.get(CONTROL) & INTERRUPTS) != 0) {
        interrupt.run();
      }
    }
    return true;
  }

  /** With S the lowest zero of the address says the size: below it are ones (2.4.3). */
  private void invalidate(int domain, long second) {
    int bits = (second & 1) == 0 ? PAGE_BITS : Math.min(Long.SIZE, PAGE_BITS + 1 + Long.numberOfTrailingZeros(~(second >>> PAGE_BITS)));
    tlb.drop(domain, second, (second & 1) != 0 && bits >= Long.SIZE - 1 ? Long.SIZE : bits);
  }
}
