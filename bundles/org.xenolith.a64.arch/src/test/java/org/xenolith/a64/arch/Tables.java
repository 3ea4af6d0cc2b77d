// SPDX-License-Identifier: EPL-2.0
package org.xenolith.a64.arch;

/** Translation tables of one stage in a machine's RAM, of any granule and depth (Arm ARM DDI 0487, D8.2 and D8.3). */
final class Tables {
  private final FlatMachine machine;
  private final int granule;
  private final int inputBits;
  private final int start;
  final long root;
  private long next;

  /**
   * @param start level of the root, whose tables lie side by side if there are more bits than one resolves
   * @param at    where the root goes; further tables follow, and there must be room
   */
  Tables(FlatMachine machine, Granule granule, int inputBits, int start, long at) {
    this.machine = machine;
    this.granule = granule.shift;
    this.inputBits = inputBits;
    this.start = start;
    root = at;
    next = at + Math.max(1L << this.granule, 8L << inputBits - shift(start)) + (1L << this.granule) - 1 & -1L << this.granule;
  }

  /** Those of stage 1, which begin at the level that the bits call for. */
  static Tables stage1(FlatMachine machine, Granule granule, int inputBits, long at) {
    int level = 3;
    while (granule.shift + (4 - level) * (granule.shift - 3) < inputBits) {
      level--;
    }
    return new Tables(machine, granule, inputBits, level, at);
  }

  int start() {
    return start;
  }

  /** Bits of an address below those that index a level. */
  int shift(int level) {
    return granule + (3 - level) * (granule - 3);
  }

  /** Writes the descriptor of an address at a level, with the tables above it. */
  void put(long address, int level, long descriptor) {
    machine.put(entry(address, level), descriptor);
  }

  /** Where the descriptor of an address at a level is; the tables above are made. */
  long entry(long address, int level) {
    long table = root;
    for (int l = start;; l++) {
      int bits = l == start ? inputBits - shift(l) : granule - 3;
      long entry = table + ((address >>> shift(l) & (1L << bits) - 1) << 3);
      if (l == level) {
        return entry;
      }
      if ((machine.get(entry) & 3) != 3) {
        machine.put(entry, next | 3);
        next += 1L << granule;
      }
      table = machine.get(entry) & 0xFFFF_FFFF_FFFFL & -1L << granule;
    }
  }
}
