// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.memory.kit;

import org.xenolith.hyp.api.DeviceMapping;
import org.xenolith.hyp.api.Domain;
import org.xenolith.hyp.api.FrameHeap;
import org.xenolith.hyp.api.PageType;
import org.xenolith.hyp.kit.MachineMemory;
import org.xenolith.regs.DeviceState;
import org.xenolith.regs.LongCell;

/**
 * One domain's tables. They are in frames of the hypervisor's; what is kept besides is where they begin and what would
 * be slow to count.
 */
public final class DomainTables {
  /** Entries of {@link #placed}: shared_info and the frames of the grant table. */
  static final int PLACES = 1 + 64;
  private static final long NO_REGION = -1;
  private static final DeviceMapping[] DEVICE_MAPPINGS = DeviceMapping.values();

  final int serial;
  final DeviceState state = new DeviceState();
  /** Machine address of the root table; 0 before there is one. */
  final LongCell root = state.cell("root", 0);
  /** Names the domain's entries in the TLBs; 0 before there is one. */
  final LongCell vmid = state.cell("vmid", 0);
  /** Frames of its own that are mapped. */
  final LongCell pages = state.cell("pages", 0);
  /** Frames that it was given and didn't give back, mapped or not. */
  final LongCell owned = state.cell("owned", 0);
  /** Frames that the tables take, without the root. */
  final LongCell tables = state.cell("tables", 0);
  /** The highest guest frame that ever was mapped. */
  final LongCell highest = state.cell("highest", 0);
  /** When windows of the machine are mapped that the domain is permitted: {@link DeviceMapping} by number. */
  final LongCell devices = state.cell("device-mapping", 0);
  /** Where pages of the hypervisor's that the domain may see once are: guest frame + 1, 0 for nowhere. */
  final long[] placed = state.longs("placed", PLACES);
  /** Whose they are; null after a restoration, until somebody asks for it. */
  Domain domain;
  /** A valid entry changed, and the TLBs don't know yet. */
  boolean stale;

  private final TableFormat format;
  private final MachineMemory memory;
  private final FrameHeap heap;
  /** Empty tables may be about. */
  private boolean loose = true;
  // The 2 MiB region that was asked for last: its table of level 3, or else the block it is in. No state: derived.
  private long region = NO_REGION;
  private long regionTable;
  private long regionBlock;
  private long regionBase;

  /** Nothing is there before {@link #begin}. @param serial of the domain */
  public DomainTables(int serial, TableFormat format, MachineMemory memory, FrameHeap heap) {
    // Records of versions before 2.0 are of domains that asked.
    state.added("device-mapping");
    this.serial = serial;
    this.format = format;
    this.memory = memory;
    this.heap = heap;
  }

  /** Makes an empty root. @return false if there is no room for it */
  public boolean begin(int newVmid) {
    long first = heap.allocate(FrameHeap.HYPERVISOR, format.rootFrames, format.rootFrames);
    if (first < 0) {
      return false;
    }
    for (int i = 0; i < format.rootFrames; i++) {
      memory.clear(first + i << 12);
    }
    root.value = first << 12;
    vmid.value = newVmid;
    return true;
  }

  /** When windows of the machine are mapped that the domain is permitted. */
  DeviceMapping devices() {
    long number = devices.value;
    return number > 0 && number < DEVICE_MAPPINGS.length ? DEVICE_MAPPINGS[(int) number] : DeviceMapping.REQUEST;
  }

  /** Machine address of the root table; 0 before there is one. */
  public long root() {
    return root.value;
  }

  /** The number that names the domain's entries in the TLBs, from 1; 0 before there is one. */
  public int tag() {
    return (int) vmid.value;
  }

  // ---- Asking

  /** The machine address behind an intermediate physical one; -1 if that isn't RAM that may be so used. */
  public long translate(long ipa, boolean write) {
    if (ipa >>> 21 != region && !enter(ipa)) {
      return -1;
    }
    long descriptor;
    long address;
    if (regionTable != 0) {
      descriptor = memory.read64(regionTable + (ipa >>> 9 & 0xFF8));
      if ((descriptor & TableFormat.VALID) == 0) {
        return -1;
      }
      address = descriptor & TableFormat.OUTPUT | ipa & 0xFFF;
    } else {
      descriptor = regionBlock;
      address = regionBase | ipa & 0x1F_FFFF;
    }
    if (write && (descriptor & format.write) == 0 || format.type(descriptor) == PageType.DEVICE) {
      return -1;
    }
    return address;
  }

  private boolean enter(long ipa) {
    long gfn = ipa >>> 12;
    if (gfn >= format.limit()) {
      return false;
    }
    long table = root.value;
    for (int level = format.start; level < TableFormat.LAST; level++) {
      long descriptor = memory.read64(table + (format.index(gfn, level) << 3));
      if (format.isTable(descriptor, level)) {
        table = descriptor & TableFormat.OUTPUT;
      } else if ((descriptor & TableFormat.VALID) != 0) {
        region = ipa >>> 21;
        regionTable = 0;
        regionBlock = descriptor;
        regionBase = (descriptor & TableFormat.OUTPUT) + ((gfn & TableFormat.span(level) - 1 & -TableFormat.ENTRIES) << 12);
        return true;
      } else {
        return false;
      }
    }
    region = ipa >>> 21;
    regionTable = table;
    return true;
  }

  /** The page or block descriptor of a guest frame; 0 if nothing is there. */
  public long find(long gfn) {
    if (gfn < 0 || gfn >= format.limit()) {
      return 0;
    }
    long table = root.value;
    for (int level = format.start;; level++) {
      long descriptor = memory.read64(table + (format.index(gfn, level) << 3));
      if (!format.isTable(descriptor, level)) {
        return (descriptor & TableFormat.VALID) == 0 ? 0
            : descriptor + ((gfn & TableFormat.span(level) - 1) << 12);
      }
      table = descriptor & TableFormat.OUTPUT;
    }
  }

  // ---- Mapping

  /**
   * Maps frames, in the place of what was there.
   *
   * @return false if there is no room for tables; then nothing is mapped, and nothing that was is gone
   */
  public boolean map(long gfn, long mfn, long count, PageType type) {
    region = NO_REGION;
    if (!prepare(gfn, mfn, count) && !(prune() && prepare(gfn, mfn, count))) {
      loose = true;
      return false;
    }
    for (long at = 0; at < count;) {
      int level = level(gfn + at, mfn + at, count - at);
      write(gfn + at, mfn + at, level, type);
      at += TableFormat.span(level);
    }
    highest.value = Math.max(highest.value, gfn + count - 1);
    return true;
  }

  /** The level of the largest page or block that begins with these frames. */
  private int level(long gfn, long mfn, long left) {
    for (int level = Math.max(1, format.start); level < TableFormat.LAST; level++) {
      long span = TableFormat.span(level);
      if (left >= span && ((gfn | mfn) & span - 1) == 0) {
        return level;
      }
    }
    return TableFormat.LAST;
  }

  /** Makes all tables above the entries to be written. */
  private boolean prepare(long gfn, long mfn, long count) {
    for (long at = 0; at < count;) {
      int level = level(gfn + at, mfn + at, count - at);
      if (entry(gfn + at, level) == 0) {
        return false;
      }
      at += TableFormat.span(level);
    }
    return true;
  }

  /** Address of a guest frame's entry at a level, made if need be; 0 if there is no room for a table. */
  private long entry(long gfn, int wanted) {
    long table = root.value;
    for (int level = format.start;; level++) {
      long at = table + (format.index(gfn, level) << 3);
      if (level == wanted) {
        return at;
      }
      long descriptor = memory.read64(at);
      if (!format.isTable(descriptor, level)) {
        long made = table(descriptor, level);
        if (made == 0) {
          return 0;
        }
        stale |= (descriptor & TableFormat.VALID) != 0;
        descriptor = format.table(made, level);
        memory.write64(at, descriptor);
      }
      table = descriptor & TableFormat.OUTPUT;
    }
  }

  /** A table with the parts of a block of that level, or an empty one; 0 if there is no room. */
  private long table(long block, int level) {
    long mfn = tables.value < most() ? heap.allocate(FrameHeap.HYPERVISOR, 1, 1) : -1;
    if (mfn < 0) {
      return 0;
    }
    tables.value++;
    memory.clear(mfn << 12);
    if ((block & TableFormat.VALID) != 0) {
      for (int i = 0; i < TableFormat.ENTRIES; i++) {
        memory.write64((mfn << 12) + 8L * i, format.part(block, level, i));
      }
    }
    return mfn << 12;
  }

  /**
   * What a domain's tables may take at most, so that a guest that maps one page here and one there doesn't use up the
   * machine's memory: as Xen's tools reckon, 1 MiB for each virtual CPU and 8 KiB for each MiB of memory.
   */
  private long most() {
    return domain == null || domain.privileged() ? Long.MAX_VALUE : 256L * domain.vcpus().size() + domain.maxPages() / 128 + 256;
  }

  private void write(long gfn, long mfn, int level, PageType type) {
    long at = entry(gfn, level);
    long old = memory.read64(at);
    long span = TableFormat.span(level);
    boolean own = TableFormat.isRam(type);
    if (type != PageType.DEVICE) {
      for (long i = 0; i < span; i++) {
        heap.hold(mfn + i);
        own = own && heap.owner(mfn + i) == serial;
      }
    }
    if (own) {
      pages.value += span;
    }
    memory.write64(at, format.leaf(type, mfn, level, own));
    stale |= format.remembersAbsence();
    release(old, level, gfn);
  }

  // ---- Unmapping

  /**
   * Unmaps frames.
   *
   * @return false if there is no room for the table that a block must be split into; what comes before it is unmapped
   */
  public boolean unmap(long gfn, long count) {
    region = NO_REGION;
    long end = gfn + count;
    for (long at = gfn; at < end;) {
      long next = clear(at, end);
      if (next < 0 && !(prune() && (next = clear(at, end)) >= 0)) {
        return false;
      }
      at = next;
    }
    loose = true;
    return true;
  }

  /** Clears the largest entry at {@code gfn} that ends before {@code end}. @return the next frame, or -1 for no room */
  private long clear(long gfn, long end) {
    long table = root.value;
    for (int level = format.start;; level++) {
      long at = table + (format.index(gfn, level) << 3);
      long descriptor = memory.read64(at);
      long span = TableFormat.span(level);
      boolean whole = (gfn & span - 1) == 0 && end - gfn >= span;
      if ((descriptor & TableFormat.VALID) == 0 || whole) {
        if (whole && descriptor != 0) {
          memory.write64(at, 0);
          release(descriptor, level, gfn);
        }
        return (gfn & -span) + span;
      }
      if (!format.isTable(descriptor, level)) {
        if (entry(gfn, level + 1) == 0) {
          return -1;
        }
        descriptor = memory.read64(at);
      }
      table = descriptor & TableFormat.OUTPUT;
    }
  }

  /** An entry is no longer in the tables: gives back what it held. */
  private void release(long descriptor, int level, long gfn) {
    if ((descriptor & TableFormat.VALID) == 0) {
      return;
    }
    stale = true;
    long span = TableFormat.span(level);
    if (format.isTable(descriptor, level)) {
      releaseTable(descriptor & TableFormat.OUTPUT, level + 1, gfn, TableFormat.ENTRIES);
      free(descriptor);
      return;
    }
    PageType type = format.type(descriptor);
    if (type != PageType.DEVICE) {
      long mfn = TableFormat.frame(descriptor);
      for (long i = 0; i < span; i++) {
        heap.drop(mfn + i);
      }
    }
    if (format.isOwn(descriptor)) {
      pages.value -= span;
    } else if (TableFormat.isRam(type)) {
      displace(gfn, span);
    }
  }

  private void releaseTable(long table, int level, long gfn, int entries) {
    for (int i = 0; i < entries; i++) {
      release(memory.read64(table + 8L * i), level, gfn + i * TableFormat.span(level));
    }
  }

  private void free(long descriptor) {
    heap.free(FrameHeap.HYPERVISOR, TableFormat.frame(descriptor));
    tables.value--;
  }

  /** What the hypervisor had shown in these guest frames may be shown again elsewhere. */
  private void displace(long gfn, long count) {
    for (int i = 0; i < PLACES; i++) {
      if (placed[i] > gfn && placed[i] <= gfn + count) {
        placed[i] = 0;
      }
    }
  }

  /** Frees tables that have become empty. @return whether there were any */
  private boolean prune() {
    if (!loose) {
      return false;
    }
    loose = false;
    long before = tables.value;
    prune(root.value, format.start, format.rootFrames * TableFormat.ENTRIES);
    return tables.value < before;
  }

  /** @return whether a table is empty now */
  private boolean prune(long table, int level, int entries) {
    boolean empty = true;
    for (int i = 0; i < entries; i++) {
      long descriptor = memory.read64(table + 8L * i);
      if (format.isTable(descriptor, level) && prune(descriptor & TableFormat.OUTPUT, level + 1, TableFormat.ENTRIES)) {
        memory.write64(table + 8L * i, 0);
        free(descriptor);
        stale = true;
        descriptor = 0;
      }
      empty &= (descriptor & TableFormat.VALID) == 0;
    }
    return empty;
  }

  /** The domain is gone: gives back all, the root too. */
  public void end() {
    region = NO_REGION;
    if (root.value != 0) {
      releaseTable(root.value, format.start, 0, format.rootFrames * TableFormat.ENTRIES);
      for (int i = 0; i < format.rootFrames; i++) {
        heap.free(FrameHeap.HYPERVISOR, (root.value >>> 12) + i);
      }
      root.value = 0;
      stale = true;
    }
  }

  /** What was derived from the tables is void. */
  void restored() {
    region = NO_REGION;
    loose = true;
    stale = false;
  }
}
