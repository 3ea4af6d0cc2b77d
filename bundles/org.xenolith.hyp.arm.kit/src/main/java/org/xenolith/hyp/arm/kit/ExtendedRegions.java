// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.arm.kit;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.xenolith.fdt.FdtWindow;

/**
 * Guest-physical room that a domain may fill with other domains' pages: what is left of the room for RAM after the RAM
 * and other things in it, in whole 2 MiB blocks; pieces of less than 64 MiB aren't worth naming.
 */
public final class ExtendedRegions {
  private static final long BLOCK = 2L << 20;
  private static final long LEAST = 64L << 20;

  private ExtendedRegions() {}

  /**
   * The regions in the order of {@code room}.
   *
   * @param room  windows that RAM may stand in; for the hardware domain the host's RAM
   * @param taken what is used of it: the domain's RAM, the grant window, reserved memory
   */
  public static List<FdtWindow> of(List<FdtWindow> room, List<FdtWindow> taken) {
    List<FdtWindow> sorted = taken.stream().sorted(Comparator.comparingLong(FdtWindow::base)).toList();
    List<FdtWindow> regions = new ArrayList<>();
    for (FdtWindow window : room) {
      long end = window.base() + window.size();
      long at = window.base();
      for (FdtWindow used : sorted) {
        if (used.base() < end && used.base() + used.size() > at) {
          add(regions, at, used.base());
          at = Math.max(at, used.base() + used.size());
        }
      }
      add(regions, at, end);
    }
    return regions;
  }

  private static void add(List<FdtWindow> regions, long from, long to) {
    long base = from + BLOCK - 1 & -BLOCK;
    long size = (to & -BLOCK) - base;
    if (size >= LEAST) {
      regions.add(new FdtWindow(base, size));
    }
  }
}
