// SPDX-License-Identifier: EPL-2.0
package org.xenolith.fuzz.pc;

import org.xenolith.fuzz.InputBytes;

/**
 * Numbers, addresses and ports in a compact form, so that a mutation of one byte leads from one meaningful one to another: a byte below 64
 * is the number itself, then come well-known ones, literals of 2, 4 and 8 bytes, places in memory and single bits.
 */
final class PcValues {
  private static final int[] PORTS = {0x70, 0x71, 0x3F8, 0x3F9, 0x3FA, 0x3FB, 0x3FC, 0x3FD, 0x3FE, 0x3FF, 0x600, 0x602, 0x604, 0x605,
      0x608, 0x60A, 0x60C, 0xCF8, 0xCF9, 0xCFA, 0xCFB, 0xCFC, 0xCFD, 0xCFE, 0xCFF, 0x1000, 0x1004, 0x10FF, 0xFFFF, 0xFFFE, 0xFFFC, 0, 0x20,
      0x21, 0x60, 0x64, 0x80, 0x92, 0xA0, 0x2F8, 0x6F, 0x72, 0x601, 0x603, 0x607, 0x60B, 0x60D, 0x3F7};

  private PcValues() {}

  /** The next value of an input. @param known well-known ones, at most 64 */
  static long next(InputBytes input, long[] known) {
    int which = input.next();
    int low = which & 15;
    return switch (which >> 4) {
      case 0, 1, 2, 3 -> which;
      case 4, 5, 6, 7 -> (which & 63) < known.length ? known[which & 63] : -1L - (which & 63);
      case 8 -> input.next(2);
      case 9 -> input.next(4);
      case 10 -> input.next(8);
      case 11 -> PcPlace.DATA + (input.next(2) << 1) + (low & 7);
      default -> 1L << (which & 63);
    };
  }

  /** A port: one that something is behind, or beside it, or any. */
  static int port(InputBytes input) {
    int which = input.next();
    return which < 0xC0 ? PORTS[which % PORTS.length] : which < 0xF0 ? PORTS[which % PORTS.length] + input.next() & 0xFFFF : (int) input
        .next(2);
  }

  /** An address of a device's window, of memory, or of nothing. Every second one has four bytes' alignment. */
  static long address(InputBytes input) {
    int which = input.next();
    long offset = input.next(2);
    if ((which & 0x10) == 0) {
      offset &= ~3L;
    }
    return switch (which & 15) {
      case 0, 1 -> PcPlace.LAPIC + (offset & 0x3FF);
      case 2 -> PcPlace.LAPIC + (offset << 4 & 0xF_FFFF);
      case 3, 4 -> PcPlace.IO_APIC + (offset & 0x7F);
      case 5 -> PcPlace.HPET + (offset & 0x1FF);
      case 6 -> PcPlace.IO_APIC + (offset & 0xFFF) + ((which & 0x20) == 0 ? 0 : 0x10_0000);
      case 7 -> PcPlace.ECAM + (offset & 0xFFFF);
      case 8 -> PcPlace.ECAM + (offset << 12 & 0xFFF_FFFF) + (which >> 5 << 2);
      case 9 -> PcPlace.VIRTIO + (offset & 0x3FF);
      case 10 -> PcPlace.BARS + (offset & 0xFFFF);
      case 11 -> PcPlace.BRIDGE + (offset << 4 & 0xF_FFFF);
      case 12 -> offset << 16 | which;
      case 13 -> 0xFFFF_FFF0L + (offset & 15);
      case 14 -> PcPlace.SIZE - 8 + (offset & 15);
      default -> PcPlace.DATA + offset;
    };
  }
}
