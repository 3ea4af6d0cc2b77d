// SPDX-License-Identifier: EPL-2.0
package org.xenolith.fuzz.devices;

import org.xenolith.fuzz.InputBytes;

/**
 * Numbers in a compact form, so that a mutation of one byte leads from one meaningful value to another: a byte below 64 is the
 * number itself, then come well-known ones, pages of memory, literals of 2, 4 and 8 bytes, places in memory and single bits.
 */
final class Values {
  private Values() {}

  /** The next value of an input. @param known well-known ones, at most 64 */
  static long next(InputBytes input, long[] known) {
    int which = input.next();
    int low = which & 15;
    return switch (which >> 4) {
      case 0, 1, 2, 3 -> which;
      case 4, 5, 6, 7 -> (which & 63) < known.length ? known[which & 63] : Place.DEVICES + ((which & 63L) << 12);
      case 8 -> input.next(2);
      case 9 -> input.next(4);
      case 10 -> input.next(8);
      case 11 -> Place.DEVICES + (input.next(2) << 3) + (low & 7);
      default -> 1L << (which & 63);
    };
  }

  /** A place in memory, most often among the devices' queues and buffers. */
  static long place(InputBytes input) {
    long at = input.next(2);
    return (at & 0x8000) == 0 ? Place.DEVICES + (at << 2) : Place.PENDING + ((at & 0x7FFF) << 2);
  }
}
