// SPDX-License-Identifier: EPL-2.0
package org.xenolith.x64.arch;

import org.xenolith.machine.api.ExternalAbort;
import org.xenolith.machine.kit.Ram;

/**
 * Data accesses off the engines' inline path: TLB misses, devices, accesses that cross a page, stores to pages that hold decoded code. Every method that takes a
 * linear address may throw {@link CpuFault}; where nothing answers, all ones are read and stores are lost, as on a PC's bus.
 */
public final class Memory {
  private final Core cpu;

  Memory(Core cpu) {
    this.cpu = cpu;
  }

  /** Loads 1, 2, 4 or 8 bytes, zero-extended. */
  public long read(long address, int size) {
    return read(address, size, false);
  }

  /** Stores the low 1, 2, 4 or 8 bytes of a value. */
  public void write(long address, int size, long value) {
    write(address, size, value, false);
  }

  /** Loads from a system structure: as of level 0, whatever the level. */
  public long systemRead(long address, int size) {
    return read(address, size, true);
  }

  /** Stores to a system structure. */
  public void systemWrite(long address, int size, long value) {
    write(address, size, value, true);
  }

  /** Makes sure that a store of so many bytes, at most a page, would not fault: what stores several words asks before the first. */
  public void probe(long address, int size) {
    cpu.mmu.data(address, true, false);
    if ((address & 0xFFF) + size > 4096) {
      cpu.mmu.data(next(address), true, false);
    }
  }

  private long read(long address, int size, boolean implicit) {
    int first = 4096 - ((int) address & 0xFFF);
    if (first >= size) {
      TlbEntry entry = cpu.mmu.data(address, false, implicit);
      accessed(entry, address, size, false);
      return read(entry.ram, entry.frame | address & 0xFFF, size);
    }
    long value = 0;
    for (int i = 0; i < size; i++) {
      value |= read(i < first ? address + i : next(address) + i - first, 1, implicit) << 8 * i;
    }
    return value;
  }

  private void write(long address, int size, long value, boolean implicit) {
    int first = 4096 - ((int) address & 0xFFF);
    if (first >= size) {
      TlbEntry entry = cpu.mmu.data(address, true, implicit);
      accessed(entry, address, size, true);
      write(entry.ram, entry.frame | address & 0xFFF, size, value);
      return;
    }
    // Both pages are looked at before anything is stored.
    cpu.mmu.data(address, true, implicit);
    cpu.mmu.data(next(address), true, implicit);
    for (int i = 0; i < size; i++) {
      write(i < first ? address + i : next(address) + i - first, 1, value >>> 8 * i, implicit);
    }
  }

  private void accessed(TlbEntry entry, long address, int size, boolean write) {
    cpu.breakpoints.access(address, size, write);
    if (cpu.points.watches()) {
      cpu.points.accessed(address, entry.frame | address & 0xFFF, entry.ram, size, write);
    }
  }

  /** The page behind that of an address: outside of long mode linear addresses have 32 bits. */
  long next(long address) {
    long next = (address & -4096) + 4096;
    return (cpu.efer & ControlBits.LMA) != 0 ? next : next & 0xFFFF_FFFFL;
  }

  private long read(Ram ram, long physical, int size) {
    if (ram != null) {
      return ram.read((int) (physical - ram.base), size);
    }
    return physicalRead(physical, size);
  }

  private void write(Ram ram, long physical, int size, long value) {
    if (ram != null) {
      ram.write((int) (physical - ram.base), size, value);
    } else {
      physicalWrite(physical, size, value);
    }
  }

  /** Reads at a physical address, or a port; misaligned ones in bytes. Zero-extended. */
  public long physicalRead(long physical, int size) {
    try {
      if ((physical & size - 1) == 0) {
        if (HostSoftware.emulated(physical)) {
          return cpu.host.readEmulated(physical, size);
        }
        return cpu.env.bus().read(physical, size);
      }
    } catch (ExternalAbort e) {
      return -1L >>> 64 - 8 * size;
    }
    long value = 0;
    for (int i = 0; i < size; i++) {
      value |= (physicalRead(physical + i, 1) & 0xFF) << 8 * i;
    }
    return value;
  }

  /** Writes at a physical address, or a port. */
  public void physicalWrite(long physical, int size, long value) {
    if ((physical & size - 1) == 0) {
      if (HostSoftware.emulated(physical)) {
        cpu.host.writeEmulated(physical, size, size == 8 ? value : value & (1L << 8 * size) - 1);
        return;
      }
      try {
        cpu.env.bus().write(physical, size, size == 8 ? value : value & (1L << 8 * size) - 1);
      } catch (ExternalAbort e) {
        // Nothing is there, and the CPU isn't told.
      }
      return;
    }
    for (int i = 0; i < size; i++) {
      physicalWrite(physical + i, 1, value >>> 8 * i & 0xFF);
    }
  }
}
