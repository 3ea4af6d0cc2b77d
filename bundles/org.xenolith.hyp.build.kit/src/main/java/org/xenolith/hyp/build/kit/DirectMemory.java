// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.build.kit;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.xenolith.fdt.FdtWindow;
import org.xenolith.hyp.api.FrameHeap;
import org.xenolith.hyp.kit.MachineMemory;

/**
 * Takes machine RAM for a domain whose RAM stands at the same addresses, where Xen takes it: the first bank as low as can be, the rest
 * below 4 GiB from its top, what is left from the top of all RAM; the largest pieces first, of powers of two ({@link FreeChunks}).
 * Facts about the order are those that Debian's Xen 4.17 shows in its log on machines of several sizes.
 */
public final class DirectMemory {
  private static final int PAGE = 4096;
  /** Below so many address bits a domain's first RAM stands: devices may reach no further. */
  private static final int LOW_BITS = 32;
  private static final int ALL_BITS = 52;
  /** Of 128 MiB: kernel, tree and RAM disk have room in a first bank of this size. */
  private static final int FIRST_ORDER = 15;
  /** Of 4 MiB. */
  private static final int LEAST_ORDER = 10;

  private final FrameHeap frames;
  private final int owner;
  private final List<FdtWindow> ram;
  private final List<FdtWindow> banks = new ArrayList<>();
  private long left;

  /**
   * @param owner serial of the domain
   * @param ram   the machine's
   */
  public DirectMemory(FrameHeap frames, int owner, List<FdtWindow> ram) {
    this.frames = frames;
    this.owner = owner;
    this.ram = ram;
  }

  /**
   * The banks by ascending address.
   *
   * @param bytes   whole pages
   * @param avoided taken only if there is no other RAM: where a boot loader leaves kernel and RAM disk for Xen, which still has them
   *                when it looks for the domain's RAM
   * @throws IllegalArgumentException if there isn't so much free RAM
   */
  public List<FdtWindow> allocate(long bytes, List<FdtWindow> avoided) {
    if (bytes <= 0 || bytes % PAGE != 0) {
      throw new IllegalArgumentException("the domain's memory: expected whole pages of 4 KiB, got " + bytes + " bytes");
    }
    left = bytes / PAGE;
    FreeChunks free = new FreeChunks(frames, ram, avoided);
    int low = Math.min(FIRST_ORDER, FreeChunks.order(2 * left - 1));
    for (int order = order(); order >= low && banks.isEmpty(); order--) {
      take(free.lowest(order, LOW_BITS), order);
    }
    most(free, LOW_BITS, low);
    most(free, ALL_BITS, LEAST_ORDER);
    most(new FreeChunks(frames, ram, List.of()), ALL_BITS, 0);
    if (left > 0) {
      throw new IllegalArgumentException("the domain's memory: expected " + bytes + " bytes free, got " + (bytes - left * PAGE)
          + "; give it less, or the machine more");
    }
    return List.copyOf(banks);
  }

  private int order() {
    return Math.min(FreeChunks.MOST_ORDER, FreeChunks.order(left));
  }

  /** Takes pieces as long as there are any of the least order. */
  private void most(FreeChunks free, int bits, int least) {
    for (int order = left == 0 ? -1 : order(); order >= least && left > 0;) {
      if (take(free.highest(order, bits), order)) {
        order = left == 0 ? -1 : order();
      } else {
        order--;
      }
    }
  }

  private boolean take(long first, int order) {
    long count = 1L << order;
    if (first < 0 || !frames.allocateAt(owner, first, count)) {
      return false;
    }
    left -= count;
    add(new FdtWindow(first * PAGE, count * PAGE));
    return true;
  }

  private void add(FdtWindow piece) {
    banks.add(piece);
    banks.sort(Comparator.comparingLong(FdtWindow::base));
    for (int i = banks.size() - 1; i > 0; i--) {
      FdtWindow below = banks.get(i - 1);
      if (below.base() + below.size() == banks.get(i).base()) {
        banks.set(i - 1, new FdtWindow(below.base(), below.size() + banks.remove(i).size()));
      }
    }
  }

  /** Clears what earlier owners left. A look at each page would have the host give memory for all of them, where its pages are huge. */
  public static void clear(MachineMemory memory, List<FdtWindow> banks) {
    for (FdtWindow bank : banks) {
      memory.clear(bank.base(), bank.size());
    }
  }
}
