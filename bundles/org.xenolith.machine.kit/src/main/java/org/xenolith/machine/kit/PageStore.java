// SPDX-License-Identifier: EPL-2.0
package org.xenolith.machine.kit;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/**
 * Copies of single pages, outside the heap, each of which any number of {@link PageCopies} may have: what two states of a machine have in common takes memory once. It counts, too, what
 * files in memory hold for the same machine. Any thread.
 */
public final class PageStore {
  private static final int PAGE = 1 << Ram.PAGE_SHIFT;
  private static final int SLAB_SHIFT = 8;
  /** Pages that the host is asked for at once. */
  private static final int SLAB = 1 << SLAB_SHIFT;

  /** Pages side by side; those that nobody has are linked. */
  private static final class Slab {
    final long address = HostPages.anonymous(SLAB * PAGE);
    final int[] owners = new int[SLAB];
    int used;
  }

  /** By number; null where one was given back. */
  private final List<Slab> slabs = new ArrayList<>();
  /** Where a free page may be found. */
  private int from;
  private long bytes;
  private long inFiles;
  private long shared;

  /**
   * Copies a page, which one has from now on.
   *
   * @param page bytes of one
   * @return its number
   * @throws OutOfMemoryError if the host has no more, or this process may not have more
   */
  synchronized int add(MemorySegment page) {
    for (; from < slabs.size(); from++) {
      Slab slab = slabs.get(from);
      if (slab != null && slab.used < SLAB) {
        return put(slab, from, page);
      }
    }
    HostPages.LIMIT.take((long) SLAB * PAGE);
    Slab slab;
    try {
      slab = new Slab();
    } catch (OutOfMemoryError refused) {
      HostPages.LIMIT.give((long) SLAB * PAGE);
      throw refused;
    }
    int free = slabs.indexOf(null);
    from = free < 0 ? slabs.size() : free;
    if (free < 0) {
      slabs.add(slab);
    } else {
      slabs.set(free, slab);
    }
    return put(slab, from, page);
  }

  private int put(Slab slab, int number, MemorySegment page) {
    int at = slab.used;
    for (int tries = 0; slab.owners[at % SLAB] != 0 && tries < SLAB; tries++) {
      at++;
    }
    at %= SLAB;
    slab.owners[at] = 1;
    slab.used++;
    bytes += PAGE;
    MemorySegment.copy(page, 0, view(slab.address, at), 0, PAGE);
    return number << SLAB_SHIFT | at;
  }

  private static MemorySegment view(long slab, int at) {
    return MemorySegment.ofAddress(slab + (long) at * PAGE).reinterpret(PAGE);
  }

  /** The bytes of a page that somebody has. */
  synchronized MemorySegment page(int number) {
    return view(slabs.get(number >> SLAB_SHIFT).address, number & SLAB - 1);
  }

  /** One more has a page. */
  synchronized void keep(int number) {
    slabs.get(number >> SLAB_SHIFT).owners[number & SLAB - 1]++;
  }

  /** One who had a page hasn't any more. */
  synchronized void drop(int number) {
    Slab slab = slabs.get(number >> SLAB_SHIFT);
    if (--slab.owners[number & SLAB - 1] == 0) {
      slab.used--;
      bytes -= PAGE;
      from = Math.min(from, number >> SLAB_SHIFT);
      if (slab.used == 0) {
        HostPages.unmap(slab.address, SLAB * PAGE);
        HostPages.LIMIT.give((long) SLAB * PAGE);
        slabs.set(number >> SLAB_SHIFT, null);
      }
    }
  }

  /** A file in memory has so many bytes more for the machine, or fewer. */
  synchronized void inFile(long more) {
    inFiles += more;
  }

  /** The machine shares so many bytes of files with what is kept: it would have memory of its own for them else. */
  synchronized void shared(long bytesOfFiles) {
    shared = bytesOfFiles;
  }

  /** Bytes that are held besides what the machine has itself: pages, and what files in memory have that it has written since. */
  public synchronized long held() {
    return bytes + Math.max(0, inFiles - shared);
  }
}
