// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.memory.kit;

import java.util.Arrays;
import org.xenolith.hyp.api.Domain;
import org.xenolith.hyp.api.FrameHeap;
import org.xenolith.hyp.api.PageType;
import org.xenolith.hyp.kit.MachineMemory;
import org.xenolith.xen.abi.XenErrno;

/** Machine frames of domains: gives them, within the domain's limit, and takes them back. */
final class FrameAllocation {
  private static final int BLOCK = TableFormat.ENTRIES;
  private static final byte[] ZEROS = new byte[4096];

  private final DomainMaps p2m;
  private final FrameHeap heap;
  private final MachineMemory memory;
  private final byte[] page = new byte[ZEROS.length];

  FrameAllocation(DomainMaps p2m, MachineMemory memory) {
    this.p2m = p2m;
    this.memory = memory;
    heap = p2m.heap;
  }

  /**
   * Gives a domain zeroed frames and maps them: of the same numbers if it is mapped 1:1, else any, in blocks where they fit.
   *
   * @return 0 or a negative errno; then nothing was given
   */
  int populate(Domain domain, long gfn, long count) {
    if (count == 0) {
      return 0;
    }
    if (!p2m.reachable(gfn, count)) {
      return -XenErrno.XEN_EINVAL;
    }
    DomainTables tables = p2m.tables(domain);
    if (tables == null || !within(domain, tables, count)) {
      return -XenErrno.XEN_ENOMEM;
    }
    int result = 0;
    long done = 0;
    while (done < count && result == 0) {
      long part = part(gfn + done, count - done);
      long mfn = allocate(domain, gfn + done, (int) part);
      if (mfn < 0 && part > 1 && !domain.directMapped()) {
        part = 1;
        mfn = allocate(domain, gfn + done, 1);
      }
      if (mfn < 0) {
        result = -XenErrno.XEN_ENOMEM;
      } else {
        tables.owned.value += part;
        result = p2m.map(domain, gfn + done, mfn, part, PageType.RAM);
        if (result != 0) {
          free(domain, tables, mfn, part);
        } else {
          done += part;
        }
      }
    }
    if (result != 0) {
      withdraw(domain, tables, gfn, done);
    }
    return result;
  }

  /** As many frames as a block has where they may become one, else one. */
  private static long part(long gfn, long left) {
    return (gfn & BLOCK - 1) == 0 && left >= BLOCK ? BLOCK : 1;
  }

  /** Allocates frames for a place and clears them. @return the first, or -1 */
  private long allocate(Domain domain, long gfn, int count) {
    long mfn = gfn;
    if (!domain.directMapped()) {
      mfn = heap.allocate(domain.serial(), count, count);
    } else if (!heap.allocateAt(domain.serial(), gfn, count)) {
      mfn = -1;
    }
    if (mfn >= 0 && count > 1) {
      // All at once: to read each page, as below, takes a domain of 5 GiB most of a minute.
      memory.clear(mfn << 12, (long) count << 12);
    } else if (mfn >= 0) {
      clear(mfn);
    }
    return mfn;
  }

  /** A page that is zero already isn't written, so that RAM nobody touched takes no memory of the host. */
  private void clear(long mfn) {
    memory.read(mfn << 12, page, 0, page.length);
    if (!Arrays.equals(page, ZEROS)) {
      memory.clear(mfn << 12);
    }
  }

  /** Takes back what was given, all at once: to take a page out of a block there may be no room for a table. */
  private void withdraw(Domain domain, DomainTables tables, long gfn, long count) {
    long[] given = new long[(int) count];
    for (int i = 0; i < given.length; i++) {
      given[i] = TableFormat.frame(tables.find(gfn + i));
    }
    p2m.unmap(domain, gfn, count);
    for (long mfn : given) {
      free(domain, tables, mfn, 1);
    }
  }

  private void free(Domain domain, DomainTables tables, long mfn, long count) {
    for (long i = 0; i < count; i++) {
      heap.free(domain.serial(), mfn + i);
    }
    tables.owned.value -= count;
  }

  /** Whether a domain may own so many frames more. */
  boolean within(Domain domain, DomainTables tables, long count) {
    long has = Math.max(tables.owned.value, tables.pages.value);
    return domain.maxPages() >= has && count <= domain.maxPages() - has;
  }

  /**
   * Gives a domain one extent, as populate_physmap does. Where frames have their guest's numbers the domain must own them
   * already: it gave them away in part only, see {@link #remove}.
   *
   * @return whether it has it; if not, nothing has changed
   */
  boolean extend(Domain domain, long gfn, int order) {
    long count = 1L << order;
    if (!p2m.reachable(gfn, count)) {
      return false;
    }
    if (!domain.directMapped()) {
      return populate(domain, gfn, count) == 0;
    }
    for (long i = 0; i < count; i++) {
      if (heap.owner(gfn + i) != domain.serial()) {
        return false;
      }
    }
    return p2m.map(domain, gfn, gfn, count, PageType.RAM) == 0;
  }

  /** Gives a domain frames that aren't mapped anywhere. @return whether it has them */
  boolean reserve(Domain domain, int order) {
    DomainTables tables = p2m.tables(domain);
    int count = 1 << order;
    if (tables == null || !within(domain, tables, count)) {
      return false;
    }
    long mfn = heap.allocate(domain.serial(), count, count);
    if (mfn < 0) {
      return false;
    }
    for (int i = 0; i < count; i++) {
      clear(mfn + i);
    }
    tables.owned.value += count;
    return true;
  }

  /**
   * Takes a page of a domain's own from it. A domain that is mapped 1:1 goes on owning the frame: it must get the same one
   * when it wants a page there again. So does one whose frame others still map, lest it ask for another and another.
   *
   * @return 0 or a negative errno
   */
  int remove(Domain domain, long gfn) {
    DomainTables tables = p2m.tables(domain);
    long descriptor = tables == null ? 0 : tables.find(gfn);
    PageType type = p2m.format.type(descriptor);
    if (type == PageType.NONE || type == PageType.DEVICE) {
      return -XenErrno.XEN_EINVAL;
    }
    long mfn = TableFormat.frame(descriptor);
    if (heap.owner(mfn) != domain.serial()) {
      return -XenErrno.XEN_ENXIO;
    }
    int result = p2m.unmap(domain, gfn, 1);
    if (result == 0 && !domain.directMapped() && heap.held(mfn) == 0) {
      free(domain, tables, mfn, 1);
    }
    return result;
  }
}
