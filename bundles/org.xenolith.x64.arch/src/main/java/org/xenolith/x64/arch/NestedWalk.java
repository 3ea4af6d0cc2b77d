// SPDX-License-Identifier: EPL-2.0
package org.xenolith.x64.arch;

import java.util.BitSet;
import org.xenolith.machine.kit.Ram;

/**
 * Nested page tables: from guest physical to machine addresses, by tables of the format that 4-level paging has, whose pages must be ones of level 3 (AMD64 Architecture Programmer's Manual
 * volume 2, 15.25). Pages that were found are kept until somebody says that tables changed; that is no state, since a walk finds them again.
 */
final class NestedWalk {
  private static final int SIZE = 4096;
  private static final int VALID = 1;
  private static final long PRESENT = 1;
  private static final long WRITE = 1 << 1;
  private static final long USER = 1 << 2;
  private static final long ACCESSED = 1 << 5;
  private static final long DIRTY = 1 << 6;
  private static final long PAGE_SIZE = 1 << 7;
  private static final long NO_EXECUTE = 1L << 63;
  private static final long ADDRESS = 0xF_FFFF_FFFF_F000L;
  /** Guest physical addresses have 48 bits. */
  private static final int LEVELS = 4;

  private final Core cpu;
  private final long[] pages = new long[SIZE];
  /** Those of them that aren't 0. */
  private final BitSet known = new BitSet(SIZE);
  /** Machine pages, and the bits of {@link Tlb} in their low ones: {@code WRITE}, where a store was allowed and noted, and {@code NO_EXECUTE}. */
  private final long[] machine = new long[SIZE];
  private long root;

  /** Of the last page: bits of {@link Tlb}. */
  int bits;

  NestedWalk(Core cpu) {
    this.cpu = cpu;
  }

  long root() {
    return root;
  }

  void root(long newRoot) {
    root = newRoot;
  }

  /** All that was found is forgotten. */
  void forget() {
    for (int i = known.nextSetBit(0); i >= 0; i = known.nextSetBit(i + 1)) {
      pages[i] = 0;
    }
    known.clear();
  }

  /**
   * The machine address of a guest physical one; {@link #bits} then says what its page allows without another look.
   *
   * @throws CpuFault if it isn't allowed, or nothing is there
   */
  long translate(long address, boolean write, boolean fetch) {
    long page = address & -4096;
    int at = (int) (address >>> 12) & SIZE - 1;
    if (pages[at] == (page | VALID)) {
      bits = (int) machine[at] & 0xFFF;
      if ((!write || (bits & Tlb.WRITE) != 0) && (!fetch || (bits & Tlb.NO_EXECUTE) == 0)) {
        return machine[at] & -4096 | address & 0xFFF;
      }
    }
    long found = walk(address, write, fetch);
    if (found == 0) {
      if (cpu.host.port().emulates(cpu, address)) {
        bits = Tlb.WRITE;
        return HostSoftware.EMULATED | address;
      }
      throw cpu.host.nestedFault(address, write, fetch);
    }
    known.set(at);
    pages[at] = page | VALID;
    machine[at] = found;
    bits = (int) found & 0xFFF;
    return found & -4096 | address & 0xFFF;
  }

  /** Returns the machine page and its bits, or 0. */
  private long walk(long address, boolean write, boolean fetch) {
    if (root == 0 || address >>> 48 != 0) {
      return 0;
    }
    long table = root;
    long allowed = WRITE | USER;
    long execute = 0;
    for (int level = LEVELS - 1;; level--) {
      int shift = 12 + 9 * level;
      long place = table + (address >>> shift & 511) * 8;
      Ram ram = cpu.env.bus().ram(place);
      long entry = ram == null ? 0 : ram.read((int) (place - ram.base), 8);
      if ((entry & PRESENT) == 0) {
        return 0;
      }
      allowed &= entry;
      execute |= entry & NO_EXECUTE;
      boolean isLeaf = level == 0 || (entry & PAGE_SIZE) != 0 && level < 3;
      boolean refused = isLeaf && ((allowed & USER) == 0 || write && (allowed & WRITE) == 0 || fetch && execute != 0);
      if (refused) {
        return 0;
      }
      long noted = entry | ACCESSED | (isLeaf && write ? DIRTY : 0);
      if (noted != entry) {
        ram.write((int) (place - ram.base), 8, noted);
      }
      if (isLeaf) {
        long inside = (1L << shift) - 1;
        boolean stores = (allowed & WRITE) != 0 && (noted & DIRTY) != 0;
        return (entry & ADDRESS & ~inside) | address & inside & -4096 | (stores ? Tlb.WRITE : 0) | (execute != 0 ? Tlb.NO_EXECUTE
            : 0) | Tlb.USER;
      }
      table = entry & ADDRESS;
    }
  }
}
