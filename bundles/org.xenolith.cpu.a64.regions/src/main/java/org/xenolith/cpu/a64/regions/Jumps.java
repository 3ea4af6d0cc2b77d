// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cpu.a64.regions;

import java.util.Arrays;
import org.xenolith.a64.arch.CodeEntry;
import org.xenolith.a64.arch.Cpu;

/**
 * The regions that branches lead to, by address. It only shortens the way: the instruction TLB must lead there too, so that
 * what it holds is what it would hold without.
 */
final class Jumps {
  private static final int SIZE = 8192;

  private final Region[] regions = new Region[SIZE];
  private final CodeEntry[] code;

  Jumps(Cpu cpu) {
    code = cpu.code;
  }

  private static int index(long va) {
    return (int) (va >>> 2 ^ va >>> 14) & SIZE - 1;
  }

  /** The region at an address, whose page becomes the current one; null if it isn't known or a look-up would take a walk. */
  Region to(long va, Cpu c) {
    Region region = regions[index(va)];
    if (region == null || region.va != va) {
      return null;
    }
    CodeEntry entry = code[Cpu.tlbIndex(va) & code.length - 1];
    if (entry.tag != (va & -4096 | c.fetchContext) || entry.code != region.page) {
      return null;
    }
    c.page = va & -4096;
    return region;
  }

  /** No region is known. */
  void clear() {
    Arrays.fill(regions, null);
  }

  void add(long va, Region region) {
    region.va = va;
    regions[index(va)] = region;
  }
}
