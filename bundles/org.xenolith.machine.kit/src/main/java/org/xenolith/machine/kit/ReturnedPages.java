// SPDX-License-Identifier: EPL-2.0
package org.xenolith.machine.kit;

import java.util.Comparator;
import java.util.List;

/** Chunks whose bytes nobody needs any more, or will write. Somebody may after all, so the addresses stay somebody's. Those that lie side by side in this process the host takes back at once. */
final class ReturnedPages {
  private ReturnedPages() {}

  static void giveBack(List<ChunkPages> chunks) {
    List<ChunkPages> sorted = chunks.stream().sorted(Comparator.comparingLong(ChunkPages::address)).toList();
    for (int first = 0; first < sorted.size();) {
      ChunkPages begin = sorted.get(first);
      long to = begin.address() + begin.size();
      int end = first + 1;
      while (end < sorted.size() && sorted.get(end).address() == to && sorted.get(end).shared() == begin.shared()) {
        to += sorted.get(end++).size();
      }
      if (begin.shared()) {
        HostPages.small(begin.address(), to - begin.address());
      } else {
        HostPages.takeBack(begin.address(), to - begin.address());
      }
      sorted.subList(first, end).forEach(ChunkPages::forget);
      first = end;
    }
  }
}
