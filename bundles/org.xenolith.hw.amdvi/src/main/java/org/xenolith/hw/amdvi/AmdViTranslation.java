// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.amdvi;

import static org.xenolith.hw.amdvi.AmdViRegister.CONTROL;
import static org.xenolith.hw.amdvi.AmdViRegister.EXCLUSION_BASE;
import static org.xenolith.hw.amdvi.AmdViRegister.EXCLUSION_LIMIT;

import org.xenolith.hw.amdvi.AmdViEvents.Code;
import org.xenolith.machine.api.DmaPort;
import org.xenolith.machine.api.DmaTranslator;
import org.xenolith.machine.api.ExternalAbort;
import org.xenolith.regs.RegisterFile;

/** A bus master's way through the IOMMU: device table entry, exclusion range, translations that are kept, page tables (48882, 2.2). */
final class AmdViTranslation implements DmaTranslator {
  /** IommuEn. */
  static final long ENABLE = 1;
  private static final int READS = 1;
  private static final int WRITES = 2;
  private static final long PAGE = 0x000F_FFFF_FFFF_F000L;

  private final RegisterFile<AmdViRegister> registers;
  private final AmdViDevices devices;
  private final AmdViTlb tlb;
  private final AmdViEvents events;
  private final AmdViWalk walk;
  private final AmdViInterrupts interrupts;

  AmdViTranslation(RegisterFile<AmdViRegister> registers, DmaPort memory, AmdViDevices devices, AmdViTlb tlb, AmdViEvents events,
      AmdViInterrupts interrupts) {
    this.registers = registers;
    this.devices = devices;
    this.tlb = tlb;
    this.events = events;
    this.interrupts = interrupts;
    walk = new AmdViWalk(memory);
  }

  @Override
  public boolean message(long device, long address, int size, long value) {
    return AmdViInterrupts.isMessage(address) && (registers.get(CONTROL) & ENABLE) != 0 && interrupts.remap(device, address, size, value);
  }

  @Override
  public long translate(long device, long address, boolean write) {
    if ((registers.get(CONTROL) & ENABLE) == 0) {
      return address;
    }
    int slot = devices.find(device, write ? AmdViEvents.WRITE : 0, address);
    if (slot == AmdViDevices.NONE) {
      throw ExternalAbort.INSTANCE;
    }
    if (!devices.valid(slot)) {
      return address;
    }
    if (AmdViInterrupts.isMessage(address)) {
      return message(device, slot, address, write);
    }
    if (excluded(slot, address)) {
      return address;
    }
    int wanted = write ? WRITES : READS;
    if (!devices.translates(slot)) {
      throw fault(device, slot, address, write, 0);
    }
    if ((devices.permissions(slot) & wanted) == 0) {
      throw fault(device, slot, address, write, AmdViEvents.PRESENT | AmdViEvents.PERMISSION);
    }
    if (devices.mode(slot) == 0) {
      return address;
    }
    int kept = tlb.find(devices.domain(slot), address);
    if (kept >= 0 && (tlb.permissions(kept) & wanted) != 0) {
      return tlb.output(kept, address);
    }
    return walk(device, slot, address, write);
  }

  /** Interrupts that aren't remapped are writes that stay where they are; nothing is to be read there (2.5.9). */
  private long message(long device, int slot, long address, boolean write) {
    if (!write) {
      events.log(Code.INVALID_DEVICE_REQUEST, device, devices.domain(slot), 0, address);
      throw ExternalAbort.INSTANCE;
    }
    return address;
  }

  private boolean excluded(int slot, long address) {
    long base = registers.get(EXCLUSION_BASE);
    return (base & 1) != 0 && ((base & 2) != 0 || devices.excluded(slot)) && Long.compareUnsigned(address, base & PAGE) >= 0
        && Long.compareUnsigned(address, registers.get(EXCLUSION_LIMIT) | ~PAGE & 0xFFF) <= 0;
  }

  private long walk(long device, int slot, long address, boolean write) {
    AmdViWalk.End end = walk.walk(devices.root(slot), devices.mode(slot), address);
    switch (end) {
      case PAGE -> {
        if ((walk.permissions() & (write ? WRITES : READS)) == 0) {
          throw fault(device, slot, address, write, AmdViEvents.PRESENT | AmdViEvents.PERMISSION);
        }
        tlb.keep(devices.domain(slot), address, walk.output(), walk.shift(), walk.permissions());
        return walk.output();
      }
      case UNREADABLE -> {
        events.log(Code.PAGE_TAB_HARDWARE_ERROR, device, devices.domain(slot), (write ? AmdViEvents.WRITE : 0) | AmdViEvents.MASTER_ABORT,
            walk.output());
        throw ExternalAbort.INSTANCE;
      }
      default -> throw fault(device, slot, address, write, end == AmdViWalk.End.ILLEGAL ? AmdViEvents.PRESENT | AmdViEvents.RESERVED : 0);
    }
  }

  private ExternalAbort fault(long device, int slot, long address, boolean write, long flags) {
    if (devices.logs(slot)) {
      events.log(Code.IO_PAGE_FAULT, device, devices.domain(slot), flags | (write ? AmdViEvents.WRITE : 0), address);
    }
    return ExternalAbort.INSTANCE;
  }
}
