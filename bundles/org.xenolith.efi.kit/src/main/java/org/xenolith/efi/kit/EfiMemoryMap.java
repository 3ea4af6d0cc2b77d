// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.kit;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * The memory map that firmware gives: descriptors of 40 bytes, in the order of their addresses, none of which overlap (UEFI 2.10, 7.2.3).
 */
public final class EfiMemoryMap {
  /** Bytes of a descriptor. */
  public static final int DESCRIPTOR_SIZE = 40;
  /** Bytes of the table of attributes before its descriptors. */
  public static final int ATTRIBUTES_HEADER = 16;
  /** Version of a descriptor. */
  public static final int DESCRIPTOR_VERSION = 1;
  /** Bytes of a page, whatever pages a CPU translates. */
  public static final int PAGE = 4096;
  private static final long WRITE_BACK = 8;
  private static final long UNCACHED = 1;
  private static final long RUNTIME = 1L << 63;

  private static final long EXECUTE_PROTECTED = 0x4000;
  private static final long READ_ONLY = 0x2_0000;
  private static final int ATTRIBUTES_VERSION = 1;

  private final List<Range> ranges = new ArrayList<>();

  /**
   * A range of memory.
   *
   * @param type    its kind
   * @param base    first address
   * @param size    in bytes
   * @param virtual where the operating system has mapped it for runtime services; 0: it hasn't
   */
  public record Range(EfiMemoryType type, long base, long size, long virtual) {
    long end() {
      return base + size;
    }
  }

  /** A map with RAM that nothing is in. */
  public EfiMemoryMap ram(long base, long size) {
    return add(new Range(EfiMemoryType.CONVENTIONAL, base, size, 0));
  }

  /** Registers that runtime services use. */
  public EfiMemoryMap registers(long base, long size, long virtual) {
    return add(new Range(EfiMemoryType.MEMORY_MAPPED_IO, base, size, virtual));
  }

  private EfiMemoryMap add(Range range) {
    if ((range.base | range.size) % PAGE != 0 || range.size <= 0) {
      throw new IllegalArgumentException("0x" + Long.toHexString(range.base) + ", 0x" + Long.toHexString(range.size)
          + " bytes: no whole pages");
    }
    for (Range other : ranges) {
      if (other.base < range.end() && range.base < other.end()) {
        throw new IllegalArgumentException("0x" + Long.toHexString(range.base) + " is in the map already");
      }
    }
    ranges.add(range);
    ranges.sort(Comparator.comparingLong(Range::base));
    return this;
  }

  /**
   * Makes pages of free memory another kind.
   *
   * @param virtual where the operating system has mapped them for runtime services; 0: it hasn't
   * @throws IllegalArgumentException if they are not all in one range of free memory
   */
  public EfiMemoryMap claim(EfiMemoryType type, long base, long size, long virtual) {
    Range free = ranges.stream().filter(r -> r.type == EfiMemoryType.CONVENTIONAL && r.base <= base && base + size <= r.end())
        .findFirst().orElseThrow(() -> new IllegalArgumentException("0x" + Long.toHexString(base) + ", 0x"
            + Long.toHexString(size) + " bytes: no free memory"));
    ranges.remove(free);
    if (free.base < base) {
      add(new Range(free.type, free.base, base - free.base, 0));
    }
    add(new Range(type, base, size, virtual));
    if (base + size < free.end()) {
      add(new Range(free.type, base + size, free.end() - base - size, 0));
    }
    return this;
  }

  /** All ranges in the order of their addresses. */
  public List<Range> ranges() {
    return List.copyOf(ranges);
  }

  /**
   * EFI_MEMORY_ATTRIBUTES_TABLE (UEFI 2.10, 4.6.4): code of runtime services is never written, data are never executed.
   */
  public byte[] attributes() {
    List<Range> services = ranges.stream().filter(range -> range.type == EfiMemoryType.RUNTIME_SERVICES_CODE
        || range.type == EfiMemoryType.RUNTIME_SERVICES_DATA).toList();
    ByteBuffer out = ByteBuffer.allocate(ATTRIBUTES_HEADER + services.size() * DESCRIPTOR_SIZE).order(ByteOrder.LITTLE_ENDIAN);
    out.putInt(ATTRIBUTES_VERSION).putInt(services.size()).putInt(DESCRIPTOR_SIZE).putInt(0);
    for (Range range : services) {
      out.putInt(range.type.number()).putInt(0).putLong(range.base).putLong(0).putLong(range.size / PAGE)
          .putLong(RUNTIME | (range.type == EfiMemoryType.RUNTIME_SERVICES_CODE ? READ_ONLY : EXECUTE_PROTECTED));
    }
    return out.array();
  }

  /** Bytes of the descriptors. */
  public int length() {
    return ranges.size() * DESCRIPTOR_SIZE;
  }

  /** The descriptors. */
  public byte[] bytes() {
    ByteBuffer out = ByteBuffer.allocate(length()).order(ByteOrder.LITTLE_ENDIAN);
    for (Range range : ranges) {
      long attributes = range.type == EfiMemoryType.MEMORY_MAPPED_IO ? UNCACHED : WRITE_BACK;
      out.putInt(range.type.number()).putInt(0).putLong(range.base).putLong(range.virtual).putLong(range.size / PAGE)
          .putLong(range.type.isForRuntime() ? attributes | RUNTIME : attributes);
    }
    return out.array();
  }
}
