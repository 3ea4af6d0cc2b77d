// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.build.pvh.kit;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import org.xenolith.pvh.codec.PvhKernel;
import org.xenolith.pvh.codec.StartInfo.MemoryEntry;

/**
 * Where a PVH guest has memory, as libxenguest of Xen 4.17 lays it out (seen in memory of its guests; no ABI, guests find it all by their
 * start_info and parameters): RAM from 0 to the hole below 4 GiB, the rest from 4 GiB on; in the hole pages for tables, and eight special ones.
 *
 * @param low         RAM below the hole, in bytes
 * @param high        RAM from 4 GiB on, in bytes
 * @param tablesSize  bytes that there are for tables at {@link #TABLES}
 * @param rootPointer where the RSDP is
 * @param reserved    what else isn't RAM and isn't to be used
 */
public record PvhMap(long low, long high, long tablesSize, long rootPointer, List<Range> reserved) {
  /** Where the tables are. */
  public static final long TABLES = 0xFC00_1000L;
  /** Bytes that are kept for the RSDP. */
  public static final long ROOT_SIZE = 64;
  private static final int E820_ENTRY = 20;
  private static final long PAGE = 4096;
  private static final long FOUR_GIB = 1L << 32;
  /** Xen's tables have a page of what its AML reads, before them. Nothing of ours does. */
  private static final long NOTES = 0xFC00_0000L;
  private static final long HOLE = NOTES;
  /** Below the BIOS' area, where kernels look for it that take no address. */
  private static final long SEARCHED = 0x10_0000 - ROOT_SIZE;
  private static final int ACPI = 3;
  private static final long SPECIAL_END = 0xFF00_0000L;
  private static final long SPECIAL = SPECIAL_END - 8 * PAGE;
  /** The page of the console's ring. */
  public static final long CONSOLE = SPECIAL + 7 * PAGE;
  /** The page of a table of the first 4 GiB's pages, each at its own address. */
  public static final long IDENTITY = SPECIAL + 6 * PAGE;
  /** The page of the store's ring. */
  public static final long STORE = SPECIAL + 4 * PAGE;
  /** XENFEAT_linux_rsdp_unrestricted (public header features.h): the kernel takes the RSDP from its start_info. */
  private static final int RSDP_ANYWHERE = 1 << 15;
  /** Virtual CPUs whose tables Xen's builder needs seven pages for; those of more need eight. */
  private static final int FEW = 9;

  /** Addresses. */
  public record Range(long from, long size) {}

  /**
   * The map of a guest.
   *
   * @param bytes  of RAM, a multiple of 4 KiB
   * @param vcpus  virtual CPUs
   * @param kernel says whether it finds the RSDP by its start_info; a Linux that doesn't say so looks below 1 MiB
   * @throws IllegalArgumentException if the RAM isn't whole pages
   */
  public static PvhMap of(long bytes, int vcpus, PvhKernel kernel) {
    if (bytes <= 0 || bytes % PAGE != 0) {
      throw new IllegalArgumentException("the domain's memory: expected whole pages of 4 KiB, got " + bytes + " bytes");
    }
    long tables = (vcpus <= FEW ? 7 : 8) * PAGE;
    boolean searches = kernel.system().equals("linux") && (kernel.features() & RSDP_ANYWHERE) == 0;
    return new PvhMap(Math.min(bytes, HOLE), Math.max(0, bytes - HOLE), tables, searches ? SEARCHED : TABLES + tables, List.of());
  }

  /** The same with a hole that begins there at the latest: what was above it in the first 4 GiB is behind 4 GiB. */
  public PvhMap below(long hole) {
    long lower = Math.min(low, hole);
    return new PvhMap(lower, high + low - lower, tablesSize, rootPointer, reserved);
  }

  /** The same with something that isn't RAM, in the hole. */
  public PvhMap with(Range range) {
    List<Range> all = new ArrayList<>(reserved);
    all.add(range);
    return new PvhMap(low, high, tablesSize, rootPointer, all);
  }

  /** What is populated. */
  public List<Range> populated() {
    List<Range> all = new ArrayList<>();
    all.add(new Range(0, low));
    if (high > 0) {
      all.add(new Range(FOUR_GIB, high));
    }
    long end = TABLES + tablesSize;
    all.add(new Range(NOTES, end - NOTES + (rootPointer == end ? PAGE : 0)));
    all.add(new Range(SPECIAL, SPECIAL_END - SPECIAL));
    return all;
  }

  /** What the guest is told, in the order in which Xen's builder says it. The RSDP's entry begins with its page, also where that is RAM. */
  public List<MemoryEntry> entries() {
    List<MemoryEntry> all = new ArrayList<>();
    all.add(new MemoryEntry(0, low, MemoryEntry.RAM));
    reserved.forEach(each -> all.add(new MemoryEntry(each.from, each.size, MemoryEntry.RESERVED)));
    all.add(new MemoryEntry(SPECIAL, SPECIAL_END - SPECIAL, MemoryEntry.RESERVED));
    all.add(new MemoryEntry(rootPointer & -PAGE, ROOT_SIZE + rootPointer % PAGE, ACPI));
    all.add(new MemoryEntry(NOTES, TABLES - NOTES, ACPI));
    all.add(new MemoryEntry(TABLES, tablesSize, ACPI));
    if (high > 0) {
      all.add(new MemoryEntry(FOUR_GIB, high, MemoryEntry.RAM));
    }
    return all;
  }

  /** The same as it is told by hypercall: 20 bytes an entry, with the numbers of types that both have. */
  public byte[] e820() {
    List<MemoryEntry> entries = entries();
    ByteBuffer all = ByteBuffer.allocate(E820_ENTRY * entries.size()).order(ByteOrder.LITTLE_ENDIAN);
    entries.forEach(entry -> all.putLong(entry.address()).putLong(entry.size()).putInt(entry.type()));
    return all.array();
  }
}
