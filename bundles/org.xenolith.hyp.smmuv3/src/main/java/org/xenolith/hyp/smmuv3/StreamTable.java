// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.smmuv3;

import org.xenolith.hyp.api.FrameHeap;
import org.xenolith.hyp.kit.MachineMemory;

/**
 * The stream table in frames of the hypervisor (Arm IHI 0070, 3.3.1 and 5.1): linear if it is small, else of two levels, whose
 * second ones are made when one of their streams is attached. What isn't attached has no valid entry, so that what it tries is
 * an event.
 */
final class StreamTable {
  private static final int ENTRY_SHIFT = 6;
  private static final int SPLIT = 8;
  private static final int LEAF_FRAMES = 1 << SPLIT + ENTRY_SHIFT - 12;
  private static final long ADDRESS = 0x000F_FFFF_FFFF_FFC0L;
  private static final long TWO_LEVELS = 1 << 16;
  private static final long VALID = 1;
  private static final long STAGE2 = 6 << 1;
  /** STE.SHCFG: shareability as the device says. */
  private static final long SHAREABILITY_INCOMING = 1L << 44;
  private static final long AARCH64 = 1L << 51;
  private static final long PROTECTED_WALKS = 1L << 54;
  private static final long RECORD = 1L << 58;
  /** The address of an entry that there isn't: 0 is where memory may begin. */
  private static final long NONE = -1;

  private final FrameHeap heap;
  private final MachineMemory memory;
  private long base;
  private long shape;

  StreamTable(FrameHeap heap, MachineMemory memory) {
    this.heap = heap;
    this.memory = memory;
  }

  /** Where it is, and STRTAB_BASE_CFG. */
  void at(long newBase, long newShape) {
    base = newBase;
    shape = newShape;
  }

  /** STRTAB_BASE_CFG for so many bits of StreamIDs. */
  static long shape(int bits, boolean twoLevels) {
    return twoLevels && bits > SPLIT ? TWO_LEVELS | SPLIT << 6 | bits : bits;
  }

  /** Frames of the first level, or of all of a linear one; a power of two. */
  static int frames(long shape) {
    int bits = (int) shape & 0x3F;
    int bytes = (shape & TWO_LEVELS) != 0 ? bits - SPLIT + 3 : bits + ENTRY_SHIFT;
    return 1 << Math.max(0, bytes - 12);
  }

  /** Whether the stream has a place in it. */
  boolean covers(long stream) {
    return stream >= 0 && stream >>> (shape & 0x3F) == 0;
  }

  /** Makes room for a stream's entry. @return false if there is none */
  boolean reserve(long stream) {
    if ((shape & TWO_LEVELS) == 0 || entry(stream) != NONE) {
      return true;
    }
    long first = heap.allocate(FrameHeap.HYPERVISOR, LEAF_FRAMES, LEAF_FRAMES);
    if (first < 0) {
      return false;
    }
    for (int i = 0; i < LEAF_FRAMES; i++) {
      memory.clear(first + i << 12);
    }
    memory.write64(descriptor(stream), first << 12 | SPLIT + 1);
    return true;
  }

  private long descriptor(long stream) {
    return base + (stream >>> SPLIT << 3);
  }

  /** Address of a stream's entry; {@link #NONE} if there is none. */
  private long entry(long stream) {
    if ((shape & TWO_LEVELS) == 0) {
      return base + (stream << ENTRY_SHIFT);
    }
    long leaf = memory.read64(descriptor(stream));
    return leaf == 0 ? NONE : (leaf & ADDRESS) + ((stream & (1 << SPLIT) - 1) << ENTRY_SHIFT);
  }

  /** The entry is valid no more; CFGI_STE is up to the caller. */
  void invalidate(long stream) {
    long entry = entry(stream);
    if (entry != NONE) {
      memory.write64(entry, 0);
    }
  }

  /**
   * Writes an entry that isn't valid: stage 2 only; faults are recorded.
   *
   * @param vttbr   VTTBR_EL2 of the domain
   * @param control STE.S2VTCR
   */
  void write(long stream, long vttbr, long control) {
    long entry = entry(stream);
    memory.write64(entry + 8, SHAREABILITY_INCOMING);
    memory.write64(entry + 16, vttbr >>> 48 | control << 32 | AARCH64 | PROTECTED_WALKS | RECORD);
    memory.write64(entry + 24, vttbr & 0x0000_FFFF_FFFF_FFF0L);
    for (int word = 4; word < 8; word++) {
      memory.write64(entry + 8 * word, 0);
    }
    memory.write64(entry, VALID | STAGE2);
  }
}
