// SPDX-License-Identifier: EPL-2.0
package org.xenolith.x64.arch;

import org.jspecify.annotations.Nullable;
import org.xenolith.machine.api.ExternalAbort;
import org.xenolith.machine.kit.Ram;
import org.xenolith.machine.kit.RamBus;
import org.xenolith.regs.DeviceState;

/**
 * Walks of the paging structures: 32-bit, PAE and 4-level paging (Intel SDM volume 3, chapter 5). A walk leaves its outcome in fields; it sets the accessed flags,
 * those of the entry that maps the page when the access is one that the structures allow.
 */
final class PageWalk {
  private static final long PRESENT = 1;
  private static final long WRITE = 1 << 1;
  private static final long USER = 1 << 2;
  private static final long ACCESSED = 1 << 5;
  private static final long DIRTY = 1 << 6;
  private static final long PAGE_SIZE = 1 << 7;
  private static final long GLOBAL = 1 << 8;
  private static final long NO_EXECUTE = 1L << 63;
  private static final int PROTECTION_KEY = 59;
  private static final long ADDRESS = 0xF_FFFF_FFFF_F000L;

  private final Core cpu;
  private final RamBus bus;
  private final long reserved;
  /** PDPTE registers of PAE paging (Intel SDM volume 3, 5.4.1). */
  private final long[] pdpte;
  /** Who looks without a trace; null for the CPU itself. */
  private final @Nullable QuietTables quiet;

  /** Physical address of the 4 KiB page that was found. */
  long frame;
  /** Permissions of the page, its size, and its protection key: bits of {@link Tlb}. */
  int bits;
  /** Whether it is global. */
  boolean global;
  /** P and RSVD of the error code, of a walk that failed. */
  int error;

  private long leaf;
  private long leafEntry;
  private int leafSize;

  PageWalk(Core cpu, DeviceState state, int physicalBits) {
    this.cpu = cpu;
    bus = cpu.env.bus();
    reserved = ADDRESS & -(1L << physicalBits);
    pdpte = state.longs("pdpte", 4);
    quiet = null;
  }

  /** One that walks as the CPU's own does, and leaves no trace: nothing is written, and no device read. */
  PageWalk(PageWalk own, QuietTables quiet) {
    cpu = own.cpu;
    bus = own.bus;
    reserved = own.reserved;
    // The registers themselves.
    pdpte = own.pdpte;
    this.quiet = quiet;
  }

  long[] pointers() {
    return pdpte;
  }

  /** What of the entries' addresses must be 0. */
  long reserved() {
    return reserved;
  }

  /**
   * Loads the PDPTE registers.
   *
   * @return whether they are valid: else the MOV to a control register is #GP
   */
  boolean loadPointers(long cr3) {
    long[] loaded = new long[4];
    for (int i = 0; i < 4; i++) {
      loaded[i] = read((cr3 & 0xFFFF_FFE0L) + i * 8, 8);
      if ((loaded[i] & PRESENT) != 0 && (loaded[i] & (reserved | NO_EXECUTE | 0x1E6)) != 0) {
        return false;
      }
    }
    System.arraycopy(loaded, 0, pdpte, 0, 4);
    return true;
  }

  /** Walks for a linear address. Returns whether a page is there; then {@link #frame}, {@link #bits} and {@link #global} are set, else {@link #error}. */
  boolean walk(long address) {
    error = 0;
    boolean found;
    if ((cpu.cr4 & ControlBits.PAE) == 0) {
      found = narrow(address & 0xFFFF_FFFFL);
    } else if ((cpu.efer & ControlBits.LMA) != 0) {
      found = wide(cpu.cr3 & ADDRESS & ~reserved, address, 3, WRITE | USER, 0);
    } else {
      long pointer = pdpte[(int) (address >>> 30) & 3];
      found = (pointer & PRESENT) != 0 && wide(pointer & ADDRESS, address & 0xFFFF_FFFFL, 1, WRITE | USER, 0);
    }
    return found;
  }

  private boolean wide(long table, long address, int top, long rights, long nx) {
    long at = table;
    long allowed = rights;
    long execute = nx;
    for (int level = top;; level--) {
      int shift = 12 + 9 * level;
      long place = at + (address >>> shift & 511) * 8;
      long entry = read(place, 8);
      if ((entry & PRESENT) == 0) {
        return false;
      }
      boolean isLeaf = level == 0 || (entry & PAGE_SIZE) != 0 && level < 3;
      long forbidden = reserved | ((cpu.efer & ControlBits.NXE) == 0 ? NO_EXECUTE : 0) | (level == 3 ? PAGE_SIZE : 0)
          | (isLeaf && level > 0 ? (1L << shift) - 1 & ~0x1FFFL : 0);
      if (level == 2 && (entry & PAGE_SIZE) != 0 && !cpu.model.hugePages()) {
        forbidden |= PAGE_SIZE;
      }
      if ((entry & forbidden) != 0) {
        error = Mmu.ERROR_PRESENT | Mmu.ERROR_RESERVED;
        return false;
      }
      allowed &= entry;
      execute |= entry & NO_EXECUTE;
      if (isLeaf) {
        long inside = (1L << shift) - 1;
        found(place, false, entry, (entry & ADDRESS & ~inside) | address & inside & -4096, allowed, execute, level);
        return true;
      }
      if ((entry & ACCESSED) == 0) {
        write(place, 8, entry | ACCESSED);
      }
      at = entry & ADDRESS;
    }
  }

  private boolean narrow(long address) {
    long place = (cpu.cr3 & 0xFFFF_F000L) + (address >>> 22) * 4;
    long entry = read(place, 4);
    if ((entry & PRESENT) == 0) {
      return false;
    }
    boolean large = (entry & PAGE_SIZE) != 0 && (cpu.cr4 & ControlBits.PSE) != 0;
    if (large && (entry & 1 << 21) != 0) {
      error = Mmu.ERROR_PRESENT | Mmu.ERROR_RESERVED;
      return false;
    }
    if (large) {
      long base = entry & 0xFFC0_0000L | (entry >>> 13 & 0xFF) << 32;
      found(place, true, entry, base | address & 0x3F_F000, entry, 0, 1);
      return true;
    }
    if ((entry & ACCESSED) == 0) {
      write(place, 4, entry | ACCESSED);
    }
    long allowed = entry;
    place = (entry & 0xFFFF_F000L) + (address >>> 12 & 1023) * 4;
    entry = read(place, 4);
    if ((entry & PRESENT) == 0) {
      return false;
    }
    found(place, true, entry, entry & 0xFFFF_F000L, allowed & entry, 0, 0);
    return true;
  }

  private void found(long place, boolean isNarrow, long entry, long page, long allowed, long execute, int level) {
    leaf = place;
    leafEntry = entry;
    leafSize = isNarrow ? 4 : 8;
    frame = page;
    global = (entry & GLOBAL) != 0 && (cpu.cr4 & ControlBits.PGE) != 0;
    bits = ((allowed & WRITE) != 0 ? Tlb.WRITE : 0) | ((allowed & USER) != 0 ? Tlb.USER : 0) | (execute != 0 ? Tlb.NO_EXECUTE : 0)
        | ((entry & DIRTY) != 0 ? Tlb.DIRTY : 0) | (level == 1 ? Tlb.LARGE : 0) | (level == 2 ? Tlb.HUGE : 0)
        | (leafSize == 8 ? (int) (entry >>> PROTECTION_KEY & 15) << Tlb.KEY : 0);
  }

  /** The page that was found is accessed: an access that isn't allowed leaves the entry that maps it as it was. */
  void used(boolean write) {
    long flags = write ? ACCESSED | DIRTY : ACCESSED;
    if ((leafEntry & flags) != flags) {
      leafEntry |= flags;
      write(leaf, leafSize, leafEntry);
    }
    if (write) {
      bits |= Tlb.DIRTY;
    }
  }

  private long machine(long guest, boolean write) {
    return cpu.host.attached() ? cpu.host.nested.translate(guest, write, false) : guest;
  }

  /** Reads an entry; where nothing answers all ones are read, and found to have reserved bits set. */
  private long read(long guest, int size) {
    if (quiet != null) {
      return quiet.read(guest, size);
    }
    long address = machine(guest, false);
    Ram ram = bus.ram(address);
    if (ram != null) {
      return ram.read((int) (address - ram.base), size);
    }
    try {
      return bus.read(address, size);
    } catch (ExternalAbort e) {
      return -1L >>> 64 - 8 * size;
    }
  }

  private void write(long guest, int size, long value) {
    if (quiet != null) {
      return;
    }
    long address = machine(guest, true);
    Ram ram = bus.ram(address);
    if (ram != null) {
      ram.write((int) (address - ram.base), size, value);
      return;
    }
    try {
      bus.write(address, size, value);
    } catch (ExternalAbort e) {
      // Nothing is there to keep it, and the CPU isn't told.
    }
  }
}
