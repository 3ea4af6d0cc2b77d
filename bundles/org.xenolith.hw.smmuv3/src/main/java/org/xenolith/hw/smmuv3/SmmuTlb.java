// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.smmuv3;

import java.util.Arrays;

/**
 * Translations of 4 KiB pages, found by hash, each with what it is tagged with and the size of the page or block it came from. What
 * is here stays until it is invalidated or another page takes its place, whatever the tables say meanwhile. Not state.
 */
final class SmmuTlb {
  /** Translated by stage 1 only, at EL1. */
  static final int STAGE1 = 0;
  /** Translated by both stages. */
  static final int NESTED = 1;
  /** Translated by stage 2 only. */
  static final int STAGE2 = 2;
  /** Translated by stage 1, at EL2. */
  static final int EL2 = 3;
  /** Any VMID or ASID. */
  static final int ANY = -1;

  private static final int BITS = 10;
  private static final long READ = 1;
  private static final long WRITE = 2;
  private static final long GLOBAL = 4;
  private static final long VALID = 1L << 40;
  private static final int PAGE_SHIFT = 12;
  /** Bytes whose pages are looked up one by one rather than searched for. */
  private static final long MOST_APART = 256L << PAGE_SHIFT;
  private static final long SPREAD = 0x9E37_79B9_7F4A_7C15L;

  private final long[] tags = new long[1 << BITS];
  private final long[] pages = new long[1 << BITS];
  private final long[] outputs = new long[1 << BITS];
  private final byte[] shifts = new byte[1 << BITS];
  /** Regimes that may have translations, as bits. */
  private int filled;
  /** Those of them that may have some which are not of one page and one ASID. */
  private int mixed;

  /** What translations of a stream are tagged with. */
  static long tag(int regime, int vmid, int asid, boolean privileged) {
    return VALID | (privileged ? 1L << 36 : 0) | (long) regime << 32 | (long) vmid << 16 | asid;
  }

  /** The physical address, or -1 if there is no translation that permits the access. */
  long find(long tag, long address, boolean write) {
    long page = address >>> PAGE_SHIFT;
    int slot = slot(tag, page);
    if (tags[slot] != tag || pages[slot] != page || (outputs[slot] & (write ? WRITE : READ)) == 0) {
      return -1;
    }
    return outputs[slot] & -4096 | address & 4095;
  }

  /**
   * Keeps a translation.
   *
   * @param shift  log2 of the size of what invalidation by address is to hit
   * @param global whether it holds for every ASID
   */
  void keep(long tag, long address, long output, int shift, boolean readable, boolean writable, boolean global) {
    long page = address >>> PAGE_SHIFT;
    int slot = slot(tag, page);
    tags[slot] = tag;
    pages[slot] = page;
    outputs[slot] = output & -4096 | (readable ? READ : 0) | (writable ? WRITE : 0) | (global ? GLOBAL : 0);
    shifts[slot] = (byte) shift;
    int regime = 1 << (tag >>> 32 & 3);
    filled |= regime;
    if (global || shift != PAGE_SHIFT) {
      mixed |= regime;
    }
  }

  /** Forgets all translations of a regime, of one VMID or {@link #ANY}. */
  void drop(int regime, int vmid) {
    for (int slot = 0; fills(regime) && slot < tags.length; slot++) {
      if (matches(slot, regime, vmid)) {
        tags[slot] = 0;
      }
    }
    if (vmid == ANY) {
      filled &= ~(1 << regime);
      mixed &= ~(1 << regime);
    }
  }

  /** Forgets the translations of an ASID, but no global ones. */
  void dropSpace(int regime, int vmid, int asid) {
    for (int slot = 0; fills(regime) && slot < tags.length; slot++) {
      if (matches(slot, regime, vmid) && (tags[slot] & 0xFFFF) == asid && (outputs[slot] & GLOBAL) == 0) {
        tags[slot] = 0;
      }
    }
  }

  /** Forgets the translations of a page: of an ASID and global ones, or of {@link #ANY}. */
  void dropAddress(int regime, int vmid, int asid, long address) {
    dropRange(regime, vmid, asid, address, 1L << PAGE_SHIFT);
  }

  /**
   * Forgets the translations of a range, and of blocks of which a part is in it: of an ASID and global ones, or of {@link #ANY}.
   *
   * @param address of its first page; the top byte may be one that was ignored
   * @param bytes   whole pages
   */
  void dropRange(int regime, int vmid, int asid, long address, long bytes) {
    if (vmid != ANY && asid != ANY && (mixed >>> regime & 1) == 0 && bytes <= MOST_APART) {
      // A driver that unmaps behind each transfer sends one for each: they must not cost a search.
      for (long at = address; at - address < bytes; at += 1L << PAGE_SHIFT) {
        dropPage(tag(regime, vmid, asid, false), at);
        dropPage(tag(regime, vmid, asid, true), at);
      }
      return;
    }
    long first = address << 8 >>> 8;
    for (int slot = 0; fills(regime) && slot < tags.length; slot++) {
      boolean space = asid == ANY || (tags[slot] & 0xFFFF) == asid || (outputs[slot] & GLOBAL) != 0;
      if (space && matches(slot, regime, vmid)) {
        long block = pages[slot] << PAGE_SHIFT + 8 >>> 8 & -1L << shifts[slot];
        if (block < first + bytes && first < block + (1L << shifts[slot])) {
          tags[slot] = 0;
        }
      }
    }
  }

  /** Forgets everything. */
  void clear() {
    Arrays.fill(tags, 0);
    filled = 0;
    mixed = 0;
  }

  /** A top byte that isn't ignored repeats bit 55 in all that is kept. */
  private void dropPage(long tag, long address) {
    long page = address << 8 >> 8 >>> PAGE_SHIFT;
    int slot = slot(tag, page);
    if (tags[slot] == tag && pages[slot] == page) {
      tags[slot] = 0;
    }
  }

  private boolean fills(int regime) {
    return (filled >>> regime & 1) != 0;
  }

  private boolean matches(int slot, int regime, int vmid) {
    long tag = tags[slot];
    return (tag & VALID) != 0 && (tag >>> 32 & 3) == regime && (vmid == ANY || (tag >>> 16 & 0xFFFF) == vmid);
  }

  private static int slot(long tag, long page) {
    return (int) ((page ^ tag * SPREAD) * SPREAD >>> 64 - BITS);
  }
}
