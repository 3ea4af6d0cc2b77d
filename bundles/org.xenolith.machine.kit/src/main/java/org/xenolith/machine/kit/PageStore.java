// SPDX-License-Identifier: EPL-2.0
package org.xenolith.machine.kit;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Copies of single pages, outside the heap, each of which any number of {@link PageCopies} may have: what two states of a machine have in common takes memory once. It counts, too, what
 * files in memory hold for the same machine. Any thread.
 */
public final class PageStore {
  private static final int PAGE = 1 << Ram.PAGE_SHIFT;
  /** A page of zeros, which nobody changes. */
  static final MemorySegment ZEROS = MemorySegment.ofArray(new byte[PAGE]).asReadOnly();
  private static final int SLAB_SHIFT = 8;
  /** Pages that the host is asked for at once. */
  private static final int SLAB = 1 << SLAB_SHIFT;

  /** A number that has it is of what was loaded, which others keep. */
  private static final int LOADED = 1 << 30;
  /** Pages of one that have numbers, as a power of two. */
  private static final int LOADED_SHIFT = 18;
  private static final int MOST_LOADED = 1 << 10;

  /** Bytes that were loaded to an address, and don't change. */
  private record Loaded(long address, MemorySegment bytes) {}

  /** Pages side by side. */
  private static final class Slab {
    final long address = HostPages.small(SLAB * PAGE);
    final int[] owners = new int[SLAB];
    int used;
  }

  /** By number; null where one was given back. */
  private final List<Slab> slabs = new ArrayList<>();
  private final List<Loaded> loaded = new ArrayList<>();
  /** Where a free page may be found. */
  private int from;
  private long bytes;
  private long inFiles;
  private long shared;
  /** Of what the first state has; null once that is there. */
  private @Nullable AlikePages alike = new AlikePages();

  /**
   * Bytes were loaded that somebody keeps for as long as this is needed, and doesn't change: a page of them needs no copy.
   *
   * @param address physical address of the first
   */
  public synchronized void loaded(long address, MemorySegment bytes) {
    if (loaded.size() < MOST_LOADED && loaded.stream().noneMatch(each -> each.address == address && each.bytes.equals(bytes))) {
      loaded.add(new Loaded(address, bytes));
    }
  }

  /**
   * Copies a page unless it is as it was loaded; one has it from now on.
   *
   * @param address its physical address
   * @param page    bytes of one
   * @return its number
   * @throws OutOfMemoryError if the host has no more, or this process may not have more
   */
  synchronized int add(long address, MemorySegment page) {
    for (int i = loaded.size() - 1; i >= 0; i--) {
      Loaded from = loaded.get(i);
      long offset = address - from.address;
      if (offset >= 0 && offset + PAGE <= from.bytes.byteSize() && offset % PAGE == 0 && offset / PAGE < 1 << LOADED_SHIFT
          && MemorySegment.mismatch(page, 0, PAGE, from.bytes, offset, offset + PAGE) < 0) {
        return LOADED | i << LOADED_SHIFT | (int) (offset / PAGE);
      }
    }
    return alike == null ? add(page) : alike(page, alike);
  }

  /** Domains are given the same files as others: what they hold when they begin is there already. */
  private int alike(MemorySegment page, AlikePages known) {
    if (known.wanted()) {
      for (int i = 0; i < loaded.size(); i++) {
        MemorySegment bytes = loaded.get(i).bytes;
        for (int at = 0; at < Math.min(bytes.byteSize() / PAGE, 1 << LOADED_SHIFT); at++) {
          known.add(bytes.asSlice((long) at * PAGE, PAGE), LOADED | i << LOADED_SHIFT | at);
        }
      }
    }
    int number = known.find(page, this::page);
    if (number >= 0) {
      keep(number);
      return number;
    }
    int made = add(page);
    known.add(page, made);
    return made;
  }

  /** The first state is there: what follows is written by the guest, and seldom alike. */
  synchronized void begun() {
    alike = null;
  }

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
    if ((number & LOADED) != 0) {
      return loaded.get((number & ~LOADED) >> LOADED_SHIFT).bytes.asSlice((long) (number & (1 << LOADED_SHIFT) - 1) * PAGE, PAGE);
    }
    return view(slabs.get(number >> SLAB_SHIFT).address, number & SLAB - 1);
  }

  /** One more has a page. */
  synchronized void keep(int number) {
    if ((number & LOADED) != 0) {
      return;
    }
    slabs.get(number >> SLAB_SHIFT).owners[number & SLAB - 1]++;
  }

  /** One who had a page hasn't any more. */
  synchronized void drop(int number) {
    if ((number & LOADED) != 0) {
      return;
    }
    Slab slab = slabs.get(number >> SLAB_SHIFT);
    if (--slab.owners[number & SLAB - 1] == 0) {
      // What is known of it may be another page's next.
      alike = null;
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
