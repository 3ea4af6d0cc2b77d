// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.amdvi;

import org.xenolith.hw.amdvi.AmdViEvents.Code;
import org.xenolith.machine.api.DmaPort;
import org.xenolith.machine.api.ExternalAbort;

/** Remaps interrupt messages by tables of 32-bit entries (48882, 2.2.5). */
final class AmdViInterrupts {
  private static final long AREA = 0xFEE0_0000L;
  private static final int AREA_BITS = 20;
  private static final int DELIVERY = 8;
  private static final int ARBITRATED = 1;
  private static final int INDEX = 0x7FF;
  /** Trigger mode and level. */
  private static final long TRIGGER = 0xC000;
  private static final int UNMAPPED = 1;
  private static final int REMAPPED = 2;
  private static final long REMAP = 1;
  private static final long SILENT = 1 << 1;
  private static final long LOGICAL = 1 << 6;
  private static final long GUEST = 1 << 7;

  private final DmaPort memory;
  private final DmaPort messages;
  private final AmdViDevices devices;
  private final AmdViEvents events;

  /** @param messages the way of the IOMMU's own writes to the local APICs */
  AmdViInterrupts(DmaPort memory, DmaPort messages, AmdViDevices devices, AmdViEvents events) {
    this.memory = memory;
    this.messages = messages;
    this.devices = devices;
    this.events = events;
  }

  /** Whether writes to an address are interrupts. */
  static boolean isMessage(long address) {
    return address >>> AREA_BITS == AREA >>> AREA_BITS;
  }

  /**
   * Remaps a message.
   *
   * @return whether it was sent; if not, it passes as it is
   * @throws ExternalAbort if it doesn't pass, which has been logged
   */
  boolean remap(long device, long address, int size, long data) {
    int slot = devices.find(device, AmdViEvents.INTERRUPT | AmdViEvents.WRITE, address);
    if (slot == AmdViDevices.NONE) {
      throw ExternalAbort.INSTANCE;
    }
    if (!devices.remaps(slot)) {
      return false;
    }
    if (size != Integer.BYTES) {
      events.log(Code.INVALID_DEVICE_REQUEST, device, devices.domain(slot), 0, address);
      throw ExternalAbort.INSTANCE;
    }
    int delivery = (int) (data >>> DELIVERY) & 7;
    if (delivery > ARBITRATED) {
      if (devices.passes(slot, delivery)) {
        return false;
      }
      throw fault(device, slot, address, 0);
    }
    switch (devices.control(slot)) {
      case UNMAPPED -> {
        return false;
      }
      case REMAPPED -> {
        send(device, slot, address, data);
        return true;
      }
      default -> throw fault(device, slot, address, 0);
    }
  }

  private void send(long device, int slot, long address, long data) {
    long index = data & INDEX;
    if (index >>> devices.tableLog2(slot) != 0) {
      throw fault(device, slot, address, 0);
    }
    long at = devices.interruptTable(slot) + index * Integer.BYTES;
    long entry;
    try {
      entry = memory.read(at, Integer.BYTES);
    } catch (ExternalAbort nobody) {
      events.log(Code.PAGE_TAB_HARDWARE_ERROR, device, devices.domain(slot), AmdViEvents.INTERRUPT | AmdViEvents.MASTER_ABORT, at);
      throw nobody;
    }
    if ((entry & REMAP) == 0) {
      if ((entry & SILENT) != 0) {
        throw ExternalAbort.INSTANCE;
      }
      throw fault(device, slot, address, 0);
    }
    long type = entry >>> 2 & 7;
    if (type > ARBITRATED || (entry & GUEST) != 0) {
      throw fault(device, slot, address, AmdViEvents.PRESENT | AmdViEvents.RESERVED);
    }
    // Address and data as local APICs take them (SDM volume 3, 12.11): destination 19:12, redirection hint 3, logical 2.
    long to = AREA | (entry >>> 8 & 0xFF) << 12 | type << 3 | ((entry & LOGICAL) != 0 ? 1 << 2 : 0);
    messages.write(to, Integer.BYTES, entry >>> 16 & 0xFF | type << DELIVERY | data & TRIGGER);
  }

  private ExternalAbort fault(long device, int slot, long address, long flags) {
    if (!devices.ignoresUnmapped(slot)) {
      events.log(Code.IO_PAGE_FAULT, device, devices.domain(slot), AmdViEvents.INTERRUPT | flags, address);
    }
    return ExternalAbort.INSTANCE;
  }
}
