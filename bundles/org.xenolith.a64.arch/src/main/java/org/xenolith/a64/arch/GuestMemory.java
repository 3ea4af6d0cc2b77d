// SPDX-License-Identifier: EPL-2.0
package org.xenolith.a64.arch;

import org.xenolith.machine.kit.Ram;

/**
 * A guest's memory at its virtual addresses, for a hypervisor in Java: through stage 1 and stage 2 as they are programmed,
 * without a TLB, and with a fault as the result instead of an exception. Only RAM is reached, never a device.
 */
public final class GuestMemory {
  /** PAR_EL1 of what is translated but isn't RAM: a synchronous external abort. */
  private static final long NOT_RAM = 1 | Walker.EXTERNAL << 1 | 1 << 11;
  private static final long FRAME = 0xFFFF_FFFF_F000L;

  private final Cpu cpu;

  GuestMemory(Cpu cpu) {
    this.cpu = cpu;
  }

  /**
   * Copies from the guest.
   *
   * @param user whether EL0's permissions count
   * @return 0, or PAR_EL1 (bit 0 set) of the first page that can't be read; the pages before it have been copied
   */
  public long read(long va, byte[] to, int offset, int length, boolean user) {
    return copy(va, to, offset, length, user, false);
  }

  /**
   * Copies to the guest.
   *
   * @param user whether EL0's permissions count
   * @return 0, or PAR_EL1 (bit 0 set) of the first page that can't be written; the pages before it have been copied
   */
  public long write(long va, byte[] from, int offset, int length, boolean user) {
    return copy(va, from, offset, length, user, true);
  }

  /** Whether all of these bytes can be written with EL1's permissions. */
  public boolean isWritable(long va, int length) {
    for (long done = 0; done < length; done += 4096 - (va + done & 0xFFF)) {
      long par = cpu.el2.translate(va + done, true, false);
      if ((par & 1) != 0 || cpu.env.bus().ram(par & FRAME | va + done & 0xFFF) == null) {
        return false;
      }
    }
    return true;
  }

  private long copy(long va, byte[] bytes, int offset, int length, boolean user, boolean write) {
    long address = va;
    int at = offset;
    int end = offset + length;
    while (at < end) {
      int part = (int) Math.min(end - at, 4096 - (address & 0xFFF));
      long par = cpu.el2.translate(address, write, user);
      if ((par & 1) != 0) {
        return par;
      }
      long physical = par & FRAME | address & 0xFFF;
      Ram ram = write ? cpu.env.bus().ram(physical) : cpu.env.bus().readable(physical);
      if (ram == null) {
        return NOT_RAM;
      }
      int place = (int) (physical - ram.base);
      if (write) {
        ram.write(place, bytes, at, part);
      } else {
        ram.read(place, bytes, at, part);
      }
      address += part;
      at += part;
    }
    return 0;
  }
}
