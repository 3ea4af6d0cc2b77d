// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.build.arm.dt;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.xenolith.fdt.FdtWindow;
import org.xenolith.hyp.api.FrameHeap;
import org.xenolith.hyp.api.MachineMemory;

/**
 * Takes machine RAM for a domain whose RAM stands at the same addresses: as few and as large banks as can be, each begun
 * with a piece of a power of two at a multiple of its size, as Xen's allocator gives them.
 */
final class DirectMemory {
  private static final int PAGE = 4096;
  private static final int BLOCK_FRAMES = 512;
  private static final int MOST_FRAMES = 1 << 18;
  private static final byte[] ZEROS = new byte[PAGE];

  private final FrameHeap frames;
  private final int owner;
  private final List<FdtWindow> banks = new ArrayList<>();

  /** @param owner serial of the domain */
  DirectMemory(FrameHeap frames, int owner) {
    this.frames = frames;
    this.owner = owner;
  }

  /**
   * The banks by ascending address.
   *
   * @param bytes whole pages
   * @throws IllegalArgumentException if there isn't so much free RAM
   */
  List<FdtWindow> allocate(long bytes) {
    if (bytes <= 0 || bytes % PAGE != 0) {
      throw new IllegalArgumentException("the domain's memory: expected whole pages of 4 KiB, got " + bytes + " bytes");
    }
    long left = bytes / PAGE;
    int piece = MOST_FRAMES;
    while (left > 0) {
      piece = (int) Math.min(piece, Long.highestOneBit(left));
      long got = piece;
      if (!grow(piece) && !begin(piece)) {
        got = 0;
        if (piece <= BLOCK_FRAMES) {
          throw new IllegalArgumentException("the domain's memory: expected " + bytes + " bytes free, got "
              + (bytes - left * PAGE) + "; give it less, or the machine more");
        }
        piece >>= 1;
      }
      left -= got;
    }
    banks.sort(Comparator.comparingLong(FdtWindow::base));
    return List.copyOf(banks);
  }

  /** Adds a piece to the last bank, behind it or before it. */
  private boolean grow(int piece) {
    if (banks.isEmpty()) {
      return false;
    }
    FdtWindow bank = banks.getLast();
    long size = (long) piece * PAGE;
    if (frames.allocateAt(owner, (bank.base() + bank.size()) / PAGE, piece)) {
      banks.set(banks.size() - 1, new FdtWindow(bank.base(), bank.size() + size));
      return true;
    }
    if (bank.base() >= size && frames.allocateAt(owner, (bank.base() - size) / PAGE, piece)) {
      banks.set(banks.size() - 1, new FdtWindow(bank.base() - size, bank.size() + size));
      return true;
    }
    return false;
  }

  private boolean begin(int piece) {
    long first = frames.allocate(owner, piece, piece);
    if (first < 0) {
      return false;
    }
    banks.add(new FdtWindow(first * PAGE, (long) piece * PAGE));
    return true;
  }

  /** Clears what earlier owners left; a page that is zero already isn't written, so that untouched RAM stays untouched. */
  static void clear(MachineMemory memory, List<FdtWindow> banks) {
    byte[] page = new byte[PAGE];
    for (FdtWindow bank : banks) {
      for (long at = bank.base(); at < bank.base() + bank.size(); at += PAGE) {
        memory.read(at, page, 0, PAGE);
        if (!Arrays.equals(page, ZEROS)) {
          memory.clear(at);
        }
      }
    }
  }
}
