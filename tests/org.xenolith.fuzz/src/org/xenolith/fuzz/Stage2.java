// SPDX-License-Identifier: EPL-2.0
package org.xenolith.fuzz;

import java.util.Set;
import org.xenolith.hyp.api.Domain;
import org.xenolith.machine.kit.Ram;

/** Reads a domain's stage-2 tables as the hardware does (Arm ARM D8.3, 4 KiB granule). */
final class Stage2 {
  private static final long ADDRESS = 0xFFFF_FFFF_F000L;
  private static final int WRITE = 1 << 7;

  private final World world;
  private final Set<Long> tables;

  /** Takes each page that is mapped. */
  interface Leaf {
    void mapped(long gfn, long mfn, boolean writable);
  }

  /** @param tables where the frames of the tables themselves are put */
  Stage2(World world, Set<Long> tables) {
    this.world = world;
    this.tables = tables;
  }

  void leaves(Domain domain, Leaf leaf) {
    long control = world.p2m.control();
    int bits = 64 - (int) (control & 63);
    int start = 2 - (int) (control >>> 6 & 3);
    long root = world.p2m.root(domain) & ADDRESS;
    int entries = 1 << bits - 12 - 9 * (3 - start);
    table(root, start, entries, 0, leaf);
  }

  private void table(long address, int level, int entries, long gfn, Leaf leaf) {
    long span = 1L << 9 * (3 - level);
    Ram ram = null;
    for (int i = 0; i < entries; i++) {
      long place = address + 8L * i;
      if ((place & 4095) == 0) {
        tables.add(place >>> 12);
        ram = world.bus.ram(place);
      }
      long entry = ram.read((int) (place - ram.base), 8);
      long at = gfn + i * span;
      if ((entry & 1) != 0) {
        if (level < 3 && (entry & 2) != 0) {
          table(entry & ADDRESS, level + 1, 512, at, leaf);
        } else if (level == 3 && (entry & 2) == 0) {
          continue;
        } else {
          for (long page = 0; page < span; page++) {
            leaf.mapped(at + page, ((entry & ADDRESS) >>> 12) + page, (entry & WRITE) != 0);
          }
        }
      }
    }
  }
}
