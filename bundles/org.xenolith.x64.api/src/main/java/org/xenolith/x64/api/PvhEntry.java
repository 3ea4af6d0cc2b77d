// SPDX-License-Identifier: EPL-2.0
package org.xenolith.x64.api;

import org.xenolith.machine.api.CpuEntry;

/**
 * How an x86-64 CPU is entered by the PVH boot ABI (Xen, docs/misc/pvh.pandoc): 32-bit protected mode without paging (CR0 = PE and what is always set, CR4 =
 * 0), CS a flat read and execute segment, DS, ES and SS flat read and write segments, TR a 32-bit TSS at 0 with the limit 0x67, interrupts and single
 * steps off, the other general registers zero.
 *
 * @param eip physical address of the first instruction, below 4 GiB
 * @param ebx physical address of the start_info, below 4 GiB
 */
public record PvhEntry(long eip, long ebx) implements CpuEntry {
  private static final long LIMIT = 1L << 32;

  /** @throws IllegalArgumentException if an address isn't below 4 GiB */
  public PvhEntry {
    if (eip < 0 || eip >= LIMIT || ebx < 0 || ebx >= LIMIT) {
      throw new IllegalArgumentException("entry 0x%x with ebx 0x%x: both must be below 4 GiB, where 32-bit code reaches".formatted(eip,
          ebx));
    }
  }

  @Override
  public String toString() {
    return "0x%x with ebx = 0x%x".formatted(eip, ebx);
  }
}
