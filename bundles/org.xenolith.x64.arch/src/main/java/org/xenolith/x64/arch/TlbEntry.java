// SPDX-License-Identifier: EPL-2.0
package org.xenolith.x64.arch;

import org.xenolith.machine.kit.HostMemory;
import org.xenolith.machine.kit.Ram;

/**
 * The derived half of one TLB entry for data, laid out for an engine's inline path: an access of {@code n} bytes at a linear address may go straight to memory if
 * {@code (address + n - 1 & -4096 | context)} equals the tag, with {@link Core#context}; the byte's place in {@code HostMemory} is then
 * {@link #heap} with {@code address + delta}. The architectural half is in {@link Tlb}; this one can always be dropped.
 */
public final class TlbEntry {
  /** Tag for loads; 0 never matches. Set by {@link #read(long)}. */
  public long read;
  /** Tag for stores; 0 never matches. Set by {@link #write(long)}. */
  public long write;
  /** Array of the RAM chunk's place. */
  public byte[] heap;
  /** What makes the number of a place from the linear address. */
  public long delta;
  /** Tag for loads that the bus takes, of a page without RAM whose accesses needn't be looked at otherwise; 0 never matches. */
  private long busRead;
  /** Tag for such stores. */
  private long busWrite;
  /** The RAM chunk, or null if no RAM is there. */
  Ram ram;
  /** Physical address of the page. */
  long frame;
  /** The tag that an entry would have for stores, if they weren't withheld. */
  private long withheld;
  /** Where generated code has the tags and {@link #delta}; 0 if there is none. */
  private long copy;
  /** Tag for stores in a page that has watched bytes, beside those; 0 never matches. */
  private long watched;
  /** What makes the place of a byte's distance from its linear address; see {@code WatchDistances}. */
  private long distances;
  /** Where generated code has these two; 0 if there is none. */
  private long watchedCopy;

  void clear() {
    read(0);
    write(0);
    busRead = 0;
    busWrite = 0;
  }

  /** Accesses with a tag go to the bus: loads, and stores if one is allowed. */
  void bus(long tag, boolean stores) {
    busRead = tag;
    busWrite = stores ? tag : 0;
  }

  /**
   * Whether an access goes to the bus as it is, by {@link Memory#physicalRead} and {@code physicalWrite}.
   *
   * @param tag the page's linear address, with {@link Core#context}
   */
  public boolean isBus(boolean store, long tag) {
    return (store ? busWrite : busRead) == tag;
  }

  /** The physical address of a linear one in the page. */
  public long physical(long address) {
    return frame | address & 0xFFF;
  }

  void read(long tag) {
    read = tag;
    if (copy != 0) {
      HostMemory.write64(null, copy, tag);
    }
  }

  /** Stores aren't inline, though they could be. */
  void withhold(long tag) {
    write(0);
    withheld = tag;
  }

  /** Whether stores with a tag are only not inline because they are withheld. */
  public boolean withholds(long tag) {
    return withheld == tag;
  }

  void write(long tag) {
    write = tag;
    withheld = 0;
    if (watched != 0) {
      watched(0, 0);
    }
    if (copy != 0) {
      HostMemory.write64(null, copy + 8, tag);
    }
  }

  /** Gives generated code the tag for stores beside what is watched, by a map of the page's. */
  void watched(long tag, long map) {
    watched = tag;
    distances = map - (tag & -4096);
    if (watchedCopy != 0) {
      HostMemory.write64(null, watchedCopy, watched);
      HostMemory.write64(null, watchedCopy + 8, distances);
    }
  }

  /** Whether a store in a page that is watched touches no watched byte, and may be generated code's. */
  public boolean isBesideWatched(long tag, long address, int bytes) {
    return watched == tag && HostMemory.read8(null, distances + address) >= bytes;
  }

  /** Leads the inline path to a chunk's page. */
  void lead(Ram chunk, long page) {
    heap = chunk.heap;
    delta = chunk.place + (frame - chunk.base) - page;
    if (copy != 0) {
      HostMemory.write64(null, copy + 16, delta);
    }
  }

  /** Generated code has what {@link #watched} gives somewhere else from now on, 0 for nowhere. */
  void copyWatchedTo(long place) {
    watchedCopy = place;
    watched(0, 0);
  }

  /** Generated code has a copy somewhere else from now on, 0 for nowhere: the tag for loads, that for stores, and what makes places. */
  void copyTo(long place) {
    copy = place;
    if (place != 0) {
      HostMemory.write64(null, place, read);
      HostMemory.write64(null, place + 8, write);
      HostMemory.write64(null, place + 16, delta);
    }
  }
}
