// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.build.kit;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.xenolith.fdt.FdtWindow;

/** Turns the windows of devices into whole pages to map, each once, none of them RAM or trapped. */
public final class DeviceWindows {
  private static final long PAGE = 4096;
  /** Physical addresses have at most 52 bits (Arm ARM D8.1); a tree's window beyond them leads nowhere. */
  private static final long END_OF_ADDRESSES = 1L << 52;

  private DeviceWindows() {}

  /**
   * Disjoint page-aligned windows by ascending address.
   *
   * @param windows as trees give them; they may overlap
   * @param kept    what is none of it: the machine's RAM, which a tree that names some of it as a device's doesn't open, and
   *                windows whose accesses are trapped
   */
  public static List<FdtWindow> pages(List<FdtWindow> windows, List<FdtWindow> kept) {
    List<FdtWindow> joined = new ArrayList<>();
    List<FdtWindow> sorted = windows.stream().map(DeviceWindows::wholePages).filter(w -> w.size() > 0)
        .sorted(Comparator.comparingLong(FdtWindow::base)).toList();
    for (FdtWindow window : sorted) {
      FdtWindow last = joined.isEmpty() ? null : joined.getLast();
      if (last != null && window.base() <= end(last)) {
        joined.set(joined.size() - 1, new FdtWindow(last.base(), Math.max(end(last), end(window)) - last.base()));
      } else {
        joined.add(window);
      }
    }
    List<FdtWindow> pages = joined;
    for (FdtWindow hole : kept) {
      pages = pages.stream().flatMap(w -> without(w, wholePages(hole)).stream()).toList();
    }
    return pages;
  }

  private static List<FdtWindow> without(FdtWindow window, FdtWindow hole) {
    if (end(window) <= hole.base() || end(hole) <= window.base()) {
      return List.of(window);
    }
    List<FdtWindow> rest = new ArrayList<>();
    if (window.base() < hole.base()) {
      rest.add(new FdtWindow(window.base(), hole.base() - window.base()));
    }
    if (end(window) > end(hole)) {
      rest.add(new FdtWindow(end(hole), end(window) - end(hole)));
    }
    return rest;
  }

  private static FdtWindow wholePages(FdtWindow window) {
    if (Long.compareUnsigned(window.base(), END_OF_ADDRESSES) >= 0 || window.size() == 0) {
      return new FdtWindow(0, 0);
    }
    long room = END_OF_ADDRESSES - window.base();
    long end = window.base() + (Long.compareUnsigned(window.size(), room) < 0 ? window.size() : room);
    long base = window.base() & -PAGE;
    return new FdtWindow(base, (end + PAGE - 1 & -PAGE) - base);
  }

  private static long end(FdtWindow window) {
    return window.base() + window.size();
  }
}
