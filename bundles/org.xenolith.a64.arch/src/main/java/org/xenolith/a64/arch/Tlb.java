// SPDX-License-Identifier: EPL-2.0
package org.xenolith.a64.arch;

import java.util.Arrays;
import org.xenolith.regs.DeviceState;

/**
 * The architectural contents of one direct-mapped TLB. It is state: a stale entry is visible to the guest, so size, hash and
 * replacement belong to the CPU and are the same for all engines. An entry is one 4 KiB page of three words:
 * <ol>
 * <li>virtual page, and in its low bits {@link #VALID}, the regime, {@link #FLAT}, {@link #GLOBAL};
 * <li>physical page, in its low bits the permissions, {@link #DEVICE}, the level of the descriptor and, if that is a page's, the
 * page's size, above bit 56 the memory attribute;
 * <li>the identity that must equal the current one: ASID 15:0, VMID key 32:16, generation of the ASID 47:33, generation of
 * the regime 63:48.
 * </ol>
 */
final class Tlb {
  /** Entries; a power of two. */
  static final int SIZE = 4096;
  static final int VALID = 1;
  static final int REGIME_SHIFT = 1;
  /** Made while stage 1 was off. */
  static final int FLAT = 8;
  static final int GLOBAL = 16;
  static final int USER_READ = 1;
  static final int USER_WRITE = 2;
  static final int USER_EXECUTE = 4;
  static final int READ = 8;
  static final int WRITE = 16;
  static final int EXECUTE = 32;
  static final int DEVICE = 64;
  static final int LEVEL_SHIFT = 8;
  /** Half the power of two by which the page that the descriptor maps is larger than 4 KiB: 0, 1 or 2. */
  static final int PAGE_SHIFT = 10;
  static final int ATTRIBUTE_SHIFT = 56;
  private static final long FRAME = 0xFFFF_FFFF_F000L;
  /** The bits of the identity that bind an entry of all address spaces. */
  static final long GLOBAL_IDENTITY = 0xFFFF_0001_FFFF_0000L;

  final long[] words;

  Tlb(DeviceState state, String name) {
    words = state.longs(name, SIZE * 3);
  }

  /**
   * Where a virtual address is looked up. Two hash terms, so that buffers 4 MiB or 16 MiB apart don't collide. Bit 0 is bit 12
   * of the address alone: neighbouring pages never share an entry, which an inline access that reaches into the next page
   * relies on (its tag is compared with the entry of its first byte).
   */
  static int index(long va) {
    return (int) (va >>> 12 ^ va >>> 21 & -2) & SIZE - 1;
  }

  /** The first word of an entry that holds {@code page} (canonical), without {@link #GLOBAL}. */
  static long key(long page, int regime, boolean flat) {
    return page | (long) regime << REGIME_SHIFT | (flat ? FLAT : 0) | VALID;
  }

  boolean hit(int index, long key, long identity) {
    long word = words[index * 3];
    if ((word & ~(long) GLOBAL) != key) {
      return false;
    }
    long difference = words[index * 3 + 2] ^ identity;
    return ((word & GLOBAL) != 0 ? difference & GLOBAL_IDENTITY : difference) == 0;
  }

  boolean global(int index) {
    return (words[index * 3] & GLOBAL) != 0;
  }

  long frame(int index) {
    return words[index * 3 + 1] & FRAME;
  }

  int permissions(int index) {
    return (int) words[index * 3 + 1] & 63;
  }

  boolean device(int index) {
    return (words[index * 3 + 1] & DEVICE) != 0;
  }

  void fill(int index, long key, long target, long identity) {
    words[index * 3] = key;
    words[index * 3 + 1] = target;
    words[index * 3 + 2] = identity;
  }

  /**
   * Drops the entry of a canonical page, whatever its address space, if it was made from one that {@code other} is in. Returns
   * whether there was one.
   */
  boolean drop(int index, long page, long other) {
    long word = words[index * 3];
    if ((word & VALID) == 0 || (word & -4096) != page
        || (page ^ other) >>> 12 + 2 * ((int) (words[index * 3 + 1] >>> PAGE_SHIFT) & 3) != 0) {
      return false;
    }
    words[index * 3] = 0;
    return true;
  }

  void clear() {
    Arrays.fill(words, 0);
  }
}
