// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.vpci;

import org.xenolith.hyp.api.PciConfiguration;

/**
 * A BAR as the hardware has it.
 *
 * @param flags its low four bits; for a ROM those of a 32-bit memory BAR
 * @param bus   its address on the bus
 * @param size  bytes, a power of two; 0 if there is none, also for the upper half of a 64-bit one
 * @param upper whether it is the upper half of the one before
 */
record HostBar(int flags, long bus, long size, boolean upper) {
  private static final HostBar NONE = new HostBar(0, 0, 0, false);
  private static final HostBar UPPER = new HostBar(0, 0, 0, true);

  /** Whether it is in memory space. */
  boolean memory() {
    return size > 0 && (flags & Header.BAR_IO) == 0;
  }

  boolean wide() {
    return (flags & (Header.BAR_IO | Header.BAR_TYPE)) == Header.BAR_64;
  }

  /**
   * Finds the sizes of a function's BARs by writing all-ones, with its decoders off meanwhile.
   *
   * @param count BARs of its header
   * @param rom   register of its ROM, which comes last in the answer; 0 to leave it out
   * @return null if a size is no power of two, or a 64-bit BAR has no upper half
   */
  static HostBar[] probe(PciConfiguration configuration, int rid, int count, int rom) {
    int command = configuration.read(rid, Header.COMMAND, 2);
    configuration.write(rid, Header.COMMAND, 2, command & ~(Header.IO | Header.MEMORY));
    HostBar[] bars = new HostBar[count + (rom == 0 ? 0 : 1)];
    boolean sound = true;
    for (int i = 0; i < count; i++) {
      int register = Header.BARS + 4 * i;
      int low = configuration.read(rid, register, 4);
      int mask = mask(configuration, rid, register, low, -1);
      int flags = mask & Header.BAR_FLAGS;
      if (mask == 0) {
        bars[i] = NONE;
      } else if ((flags & (Header.BAR_IO | Header.BAR_TYPE)) == Header.BAR_64 && i + 1 < count) {
        int high = configuration.read(rid, register + 4, 4);
        long both = (long) mask(configuration, rid, register + 4, high, -1) << 32 | mask & ~Header.BAR_FLAGS & 0xFFFF_FFFFL;
        sound &= contiguous(both, 64);
        bars[i] = new HostBar(flags, (long) high << 32 | low & ~Header.BAR_FLAGS & 0xFFFF_FFFFL, Long.lowestOneBit(both), false);
        bars[++i] = UPPER;
      } else {
        int bits = (flags & Header.BAR_IO) != 0 ? 3 : Header.BAR_FLAGS;
        long size = mask & ~bits & 0xFFFF_FFFFL;
        sound &= (flags & Header.BAR_IO) != 0 || contiguous(size, 32) && (flags & Header.BAR_TYPE) != Header.BAR_64;
        bars[i] = new HostBar(flags, low & ~bits & 0xFFFF_FFFFL, Long.lowestOneBit(size), false);
      }
    }
    if (rom != 0) {
      int low = configuration.read(rid, rom, 4);
      int mask = mask(configuration, rid, rom, low, ~Header.ROM_ENABLE) & ~0x7FF;
      bars[count] = mask == 0 ? NONE : new HostBar(0, low & ~0x7FF & 0xFFFF_FFFFL, Integer.lowestOneBit(mask) & 0xFFFF_FFFFL, false);
    }
    configuration.write(rid, Header.COMMAND, 2, command);
    return sound ? bars : null;
  }

  private static int mask(PciConfiguration configuration, int rid, int register, int value, int ones) {
    configuration.write(rid, register, 4, ones);
    int mask = configuration.read(rid, register, 4);
    configuration.write(rid, register, 4, value);
    return mask;
  }

  /** Whether bits from the lowest one on are all there, up to where the function's addresses end. */
  private static boolean contiguous(long mask, int bits) {
    long from = mask + Long.lowestOneBit(mask) & (bits == 64 ? -1L : 0xFFFF_FFFFL);
    return mask != 0 && Long.bitCount(from) <= (bits == 64 ? 1 : 0);
  }
}
