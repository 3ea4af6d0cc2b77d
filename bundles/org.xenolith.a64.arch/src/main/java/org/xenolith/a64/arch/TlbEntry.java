// SPDX-License-Identifier: EPL-2.0
package org.xenolith.a64.arch;

import org.xenolith.machine.kit.HostMemory;
import org.xenolith.machine.kit.Ram;

/**
 * The derived half of one data TLB entry, laid out for an engine's inline path: an access of {@code n} bytes at {@code va} may
 * go straight to memory if {@code (va + n - 1 & -4096 | context)} equals the tag, where context is one of {@link Cpu}'s four;
 * the byte's place in {@code HostMemory} is then {@link #heap} with {@code va + delta}. The architectural half is in {@link Tlb}; this one can always be dropped.
 */
public final class TlbEntry {
  /** Tag for loads; 0 never matches. */
  public long read;
  /** Tag for stores; 0 never matches. */
  public long write;
  /** Tag for loads from a device, which the inline path doesn't do; 0 never matches. */
  private long deviceRead;
  /** The same for stores. */
  private long deviceWrite;
  /** Array of the RAM chunk's place, or of that of a window that is read directly; then {@link #ram} is null and {@link #write} never matches. */
  public byte[] heap;
  /** What makes the number of a place from the virtual address. */
  public long delta;
  /** The RAM chunk, or null if no RAM is there. */
  public Ram ram;
  /** Virtual address of the page as {@link #read}, {@link #write} and {@link #delta} have it. */
  long page;
  /** Physical address of the page, or -1 if this half is empty. */
  long frame = -1;
  /** Whether accesses must be aligned and may not be repeated. */
  boolean device;
  /** Where generated code has the tags; 0 if there is none. */
  private long copy;
  /** Tag for stores in a page that has watched bytes, beside those; 0 never matches. */
  private long watched;
  /** What makes the place of a byte's distance from its virtual address; see {@code WatchDistances}. */
  private long distances;
  /** Where generated code has these two; 0 if there is none. */
  private long watchedCopy;

  /** Leads the inline path to the frame in a chunk. */
  void lead(Ram chunk) {
    heap = chunk.heap;
    delta = chunk.place + (frame - chunk.base) - page;
    if (copy != 0) {
      copyPlace();
    }
  }

  void read(long tag) {
    read = tag;
    if (copy != 0) {
      HostMemory.write64(null, copy, tag);
    }
  }

  void write(long tag) {
    write = tag;
    if (copy != 0) {
      HostMemory.write64(null, copy + 8, tag);
    }
  }

  /** None of its tags matches any more. */
  void clearTags() {
    read(0);
    write(0);
    deviceRead = 0;
    deviceWrite = 0;
    if (watched != 0) {
      watched(0, 0);
    }
  }

  /** Gives generated code the tag for stores beside what is watched, by a map of the page's. */
  void watched(long tag, long map) {
    watched = tag;
    distances = map - page;
    if (watchedCopy != 0) {
      HostMemory.write64(null, watchedCopy, watched);
      HostMemory.write64(null, watchedCopy + 8, distances);
    }
  }

  /** Whether a store in a page that is watched touches no watched byte, and may be generated code's. */
  public boolean isBesideWatched(long tag, long va, int bytes) {
    return watched == tag && HostMemory.read8(null, distances + va) >= bytes;
  }

  /** The same of {@link #watched}; 0 for nowhere. */
  void copyWatchedTo(long place) {
    watched = 0;
    watchedCopy = place;
    if (place != 0) {
      watched(0, page);
    }
  }

  /** Gives it the tag for loads from the device behind it, or for stores. */
  void device(boolean store, long tag) {
    if (store) {
      deviceWrite = tag;
    } else {
      deviceRead = tag;
    }
  }

  /**
   * Whether aligned accesses in a page go to a device without another look at the TLB.
   *
   * @param tag the page's address and the context, as in {@link #read} and {@link #write}
   */
  public boolean isDevice(boolean store, long tag) {
    return tag == (store ? deviceWrite : deviceRead);
  }

  /** Generated code has a copy somewhere else from now on. */
  void copyTo(long place) {
    copy = place;
    if (place != 0) {
      HostMemory.write64(null, place, read);
      HostMemory.write64(null, place + 8, write);
      copyPlace();
    }
  }

  private void copyPlace() {
    HostMemory.write64(null, copy + 16, delta);
    HostMemory.write64(null, copy + 24, frame - page);
  }

  /** Physical address of a virtual address in this page. */
  public long physical(long va) {
    return frame | va & 0xFFF;
  }
}
