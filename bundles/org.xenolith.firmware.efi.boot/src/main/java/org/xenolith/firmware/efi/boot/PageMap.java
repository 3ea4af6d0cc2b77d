// SPDX-License-Identifier: EPL-2.0
package org.xenolith.firmware.efi.boot;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.xenolith.efi.api.EfiStatus;
import org.xenolith.efi.boot.api.EfiError;
import org.xenolith.efi.kit.EfiMemoryType;

/**
 * Which page of RAM is of which kind (UEFI 2.10, 7.2). Who wants any page gets the highest that are free; memory of runtime services is given
 * in pieces of 64 KiB, so that kernels with such pages can map it (2.3.6).
 */
final class PageMap {
  /** Bytes of a descriptor: more than the specification's structure has, so that no caller takes its own size for it. */
  static final int DESCRIPTOR = 48;
  static final int PAGE = 4096;
  private static final int CONVENTIONAL = EfiMemoryType.CONVENTIONAL.number();
  private static final long RUNTIME_ALIGNMENT = 64 << 10;
  /** Uncacheable, write-combining, write-through, write-back. */
  private static final long CACHES = 0xF;
  private static final long RUNTIME = 1L << 63;

  private record Range(long pages, int type) {}

  private final NavigableMap<Long, Range> ranges = new TreeMap<>();
  private long key = 1;

  /** What GetMemoryMap gives as its key: another one after each change. */
  long key() {
    return key;
  }

  void clear() {
    ranges.clear();
    key = 1;
  }

  /** Adds RAM. @param type as a descriptor has it */
  void add(long base, long size, int type) {
    long first = base + PAGE - 1 & -PAGE;
    long end = base + size & -PAGE;
    if (end > first) {
      put(first, (end - first) / PAGE, type);
    }
  }

  private void put(long base, long pages, int type) {
    key++;
    long first = base;
    long count = pages;
    var below = ranges.lowerEntry(base);
    if (below != null && below.getValue().type == type && below.getKey() + below.getValue().pages * PAGE == base) {
      first = below.getKey();
      count += below.getValue().pages;
    }
    Range above = ranges.get(base + pages * PAGE);
    if (above != null && above.type == type) {
      ranges.remove(base + pages * PAGE);
      count += above.pages;
    }
    ranges.put(first, new Range(count, type));
  }

  /** Takes pages out of the range that has them all. */
  private void take(long base, long pages) {
    var entry = ranges.floorEntry(base);
    Range range = entry.getValue();
    long end = base + pages * PAGE;
    long itsEnd = entry.getKey() + range.pages * PAGE;
    ranges.remove(entry.getKey());
    if (entry.getKey() < base) {
      ranges.put(entry.getKey(), new Range((base - entry.getKey()) / PAGE, range.type));
    }
    if (end < itsEnd) {
      ranges.put(end, new Range((itsEnd - end) / PAGE, range.type));
    }
  }

  private boolean isFree(long base, long pages) {
    var entry = ranges.floorEntry(base);
    return entry != null && entry.getValue().type == CONVENTIONAL && pages > 0
        && pages <= entry.getValue().pages - (base - entry.getKey()) / PAGE;
  }

  private static boolean isForRuntime(int type) {
    return type == EfiMemoryType.RUNTIME_SERVICES_CODE.number() || type == EfiMemoryType.RUNTIME_SERVICES_DATA.number()
        || type == EfiMemoryType.ACPI_NVS.number() || type == EfiMemoryType.RESERVED.number();
  }

  /** Makes free pages another kind, whatever is free of them: for what was there before the firmware. */
  void claim(long base, long size, int type) {
    long first = base & -PAGE;
    long end = base > Long.MAX_VALUE - PAGE - size ? Long.MAX_VALUE & -PAGE : base + size + PAGE - 1 & -PAGE;
    if (size <= 0) {
      return;
    }
    for (long key : List.copyOf(ranges.headMap(end).keySet())) {
      Range range = ranges.get(key);
      long from = Math.max(first, key);
      long to = Math.min(end, key + range.pages * PAGE);
      if (range.type == CONVENTIONAL && from < to) {
        take(from, (to - from) / PAGE);
        put(from, (to - from) / PAGE, type);
      }
    }
  }

  /** The same, and pages that weren't RAM so far become memory of that kind: for what a description in memory is in. */
  void claimOrAdd(long base, long size, int type) {
    claim(base, size, type);
    for (long at = base & -PAGE; at < base + size; at += PAGE) {
      if (type(at) == -1) {
        put(at, 1, type);
      }
    }
  }

  /**
   * Allocates the highest free pages that end no later than an address.
   *
   * @param last address of the last byte that is allowed
   * @throws EfiError OUT_OF_RESOURCES
   */
  long allocate(int type, long pages, long last) {
    return allocate(type, pages, last, PAGE);
  }

  /** The same for pages whose first address is a multiple of this power of two. */
  long allocate(int type, long pages, long last, long wanted) {
    long alignment = Math.max(wanted, isForRuntime(type) ? RUNTIME_ALIGNMENT : PAGE);
    long count = rounded(type, pages);
    for (var entry : ranges.descendingMap().entrySet()) {
      Range range = entry.getValue();
      if (range.type != CONVENTIONAL || count > range.pages || count <= 0 || Long.compareUnsigned(entry.getKey(), last) > 0) {
        continue;
      }
      long end = entry.getKey() + range.pages * PAGE;
      if (Long.compareUnsigned(end - 1, last) > 0) {
        end = last + 1 & -PAGE;
      }
      long base = end - count * PAGE & -alignment;
      if (base >= entry.getKey() && base + count * PAGE <= end) {
        take(base, count);
        put(base, count, type);
        return base;
      }
    }
    throw new EfiError(EfiStatus.OUT_OF_RESOURCES, pages + " pages: there are not so many free in one piece");
  }

  private static long rounded(int type, long pages) {
    return isForRuntime(type) ? pages + RUNTIME_ALIGNMENT / PAGE - 1 & -(RUNTIME_ALIGNMENT / PAGE) : pages;
  }

  /** Allocates just these pages. @throws EfiError NOT_FOUND if they aren't free */
  void allocateAt(int type, long base, long pages) {
    long count = rounded(type, pages);
    if ((base & PAGE - 1) != 0 || isForRuntime(type) && (base & RUNTIME_ALIGNMENT - 1) != 0 || !isFree(base, count)) {
      throw new EfiError(EfiStatus.NOT_FOUND, "0x" + Long.toHexString(base) + ", " + pages + " pages: not free");
    }
    take(base, count);
    put(base, count, type);
  }

  /** Frees pages. @throws EfiError NOT_FOUND if they weren't allocated, INVALID_PARAMETER if that is no page */
  void free(long base, long pages) {
    if ((base & PAGE - 1) != 0 || pages <= 0) {
      throw new EfiError(EfiStatus.INVALID_PARAMETER, "0x" + Long.toHexString(base) + ": no page");
    }
    var entry = ranges.floorEntry(base);
    if (entry == null || entry.getValue().type == CONVENTIONAL) {
      throw new EfiError(EfiStatus.NOT_FOUND, "0x" + Long.toHexString(base) + ": not allocated");
    }
    long count = rounded(entry.getValue().type, pages);
    if (count > entry.getValue().pages - (base - entry.getKey()) / PAGE) {
      throw new EfiError(EfiStatus.NOT_FOUND, "0x" + Long.toHexString(base) + ", " + pages + " pages: not all allocated");
    }
    take(base, count);
    put(base, count, CONVENTIONAL);
  }

  /** The kind of the page that an address is in; -1 if it is no RAM. */
  int type(long address) {
    var entry = ranges.floorEntry(address);
    return entry == null || address >= entry.getKey() + entry.getValue().pages * PAGE ? -1 : entry.getValue().type;
  }

  /** Whether all of a range is RAM, of whatever kinds. */
  boolean isMemory(long base, long length) {
    if (base < 0 || length < 0 || length > Long.MAX_VALUE - base) {
      return false;
    }
    for (long at = base; at < base + length;) {
      var entry = ranges.floorEntry(at);
      long end = entry == null ? 0 : entry.getKey() + entry.getValue().pages * PAGE;
      if (end <= at) {
        return false;
      }
      at = end;
    }
    return true;
  }

  /** Pages that are free. */
  long freePages() {
    return ranges.values().stream().filter(range -> range.type == CONVENTIONAL).mapToLong(Range::pages).sum();
  }

  /** Bytes of the descriptors. */
  int length() {
    return ranges.size() * DESCRIPTOR;
  }

  /** The descriptors, ascending. */
  byte[] descriptors() {
    ByteBuffer out = ByteBuffer.allocate(length()).order(ByteOrder.LITTLE_ENDIAN);
    ranges.forEach((base, range) -> out.putInt(range.type).putInt(0).putLong(base).putLong(0).putLong(range.pages).putLong(
        range.type == EfiMemoryType.RUNTIME_SERVICES_CODE.number() || range.type == EfiMemoryType.RUNTIME_SERVICES_DATA.number()
            ? CACHES | RUNTIME
            : CACHES).putLong(0));
    return out.array();
  }

  /** Ranges as text, for people: kind, first and last address. */
  List<String> lines() {
    List<String> lines = new ArrayList<>();
    ranges.forEach((base, range) -> lines.add("%-22s 0x%016x-0x%016x %8d pages".formatted(name(range.type), base, base + range.pages * PAGE
        - 1, range.pages)));
    return lines;
  }

  private static String name(int number) {
    for (EfiMemoryType type : EfiMemoryType.values()) {
      if (type.number() == number) {
        return type.name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
      }
    }
    return "0x" + Integer.toHexString(number);
  }

  byte[] save() {
    LongWriter out = new LongWriter().put(key);
    return out.all(ranges.entrySet(), each -> out.put(each.getKey()).put(each.getValue().pages).put(each.getValue().type)).bytes();
  }

  void restore(byte[] bytes) {
    LongReader in = new LongReader("memory map", bytes);
    clear();
    key = in.get();
    in.each(() -> ranges.put(in.get(), new Range(in.get(), in.getInt())));
  }
}
