// SPDX-License-Identifier: EPL-2.0
package org.xenolith.x64.arch;

import java.util.BitSet;
import org.xenolith.regs.DeviceState;

/**
 * The architectural contents of the TLB, direct-mapped, for data and code. It is state: a stale entry is visible to the guest, so size, hash and replacement
 * belong to the CPU and are the same for all engines. An entry is one 4 KiB page of three words:
 * <ol>
 * <li>linear page, and in its low bits {@link #VALID} and {@link #GLOBAL};
 * <li>physical page, and in its low bits the permissions, {@link #DIRTY}, {@link #LARGE} or {@link #HUGE}, and the protection key;
 * <li>the address space that it belongs to: PCID in bits 11:0, above it that PCID's generation.
 * </ol>
 */
final class Tlb {
  /** Entries; a power of two. */
  static final int SIZE = 4096;
  static final int VALID = 1;
  static final int GLOBAL = 2;
  static final int WRITE = 1;
  static final int USER = 2;
  static final int NO_EXECUTE = 4;
  static final int DIRTY = 8;
  /** Part of a 2- or 4-MByte page. */
  static final int LARGE = 16;
  /** Part of a 1-GByte page. */
  static final int HUGE = 32;
  /** Where the protection key is, of four bits. */
  static final int KEY = 6;
  private static final long FRAME = 0xF_FFFF_FFFF_F000L;

  private final long[] words;
  /** Entries that may have something in their words: what clearing costs is what was used, not what there is. */
  private final BitSet used = new BitSet(SIZE);
  /** Entries of 1-GByte pages. */
  private int huge;

  Tlb(DeviceState state) {
    words = state.longs("tlb", SIZE * 3);
  }

  /** Where a linear address is looked up. Neighbouring pages never share an entry, which an inline access that reaches into the next page relies on. */
  static int index(long address) {
    return (int) (address >>> 12 ^ address >>> 21 & -2) & SIZE - 1;
  }

  boolean hit(int index, long page, long space) {
    long word = words[index * 3];
    return (word & ~(long) GLOBAL) == (page | VALID) && ((word & GLOBAL) != 0 || words[index * 3 + 2] == space);
  }

  /** Whether an entry is that of a page, of whatever address space. */
  boolean holds(int index, long page) {
    return (words[index * 3] & ~(long) GLOBAL) == (page | VALID);
  }

  boolean valid(int index) {
    return (words[index * 3] & VALID) != 0;
  }

  boolean global(int index) {
    return (words[index * 3] & GLOBAL) != 0;
  }

  long page(int index) {
    return words[index * 3] & -4096;
  }

  long frame(int index) {
    return words[index * 3 + 1] & FRAME;
  }

  int bits(int index) {
    return (int) words[index * 3 + 1] & 0xFFF;
  }

  static int key(int bits) {
    return bits >>> KEY & 15;
  }

  int pcid(int index) {
    return (int) words[index * 3 + 2] & 0xFFF;
  }

  /** Whether there may be parts of 1-GByte pages. */
  boolean hasHuge() {
    return huge > 0;
  }

  /** Contents were restored. */
  void restored() {
    used.set(0, SIZE);
    huge = 0;
    for (int i = 0; i < SIZE; i++) {
      huge += huge(i);
    }
  }

  private int huge(int index) {
    return valid(index) && (bits(index) & HUGE) != 0 ? 1 : 0;
  }

  void fill(int index, long page, boolean global, long frame, int bits, long space) {
    huge -= huge(index);
    used.set(index);
    words[index * 3] = page | VALID | (global ? GLOBAL : 0);
    words[index * 3 + 1] = frame | bits;
    words[index * 3 + 2] = space;
    huge += huge(index);
  }

  void drop(int index) {
    huge -= huge(index);
    words[index * 3] = 0;
  }

  void clear() {
    for (int i = used.nextSetBit(0); i >= 0; i = used.nextSetBit(i + 1)) {
      words[i * 3] = 0;
      words[i * 3 + 1] = 0;
      words[i * 3 + 2] = 0;
    }
    used.clear();
    huge = 0;
  }
}
