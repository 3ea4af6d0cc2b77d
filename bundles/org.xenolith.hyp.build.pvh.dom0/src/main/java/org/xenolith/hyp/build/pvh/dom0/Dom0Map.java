// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.build.pvh.dom0;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.xenolith.platform.api.AddressWindow;

/**
 * Where the hardware domain has memory: the machine's map, with so much RAM as it is given, from 0 to the area of the BIOS and from 1 MiB on; the RAM behind that isn't its.
 *
 * @param end      of its RAM
 * @param ramEnd   of the machine's RAM
 * @param tables   where its ACPI tables begin; they end with its RAM
 * @param reserved what else isn't to be used, by ascending address
 */
record Dom0Map(long end, long ramEnd, long tables, List<AddressWindow> reserved) {
  static final long PAGE = 4096;
  /** Whole pages below the BIOS data area. */
  static final long LOW_END = 0x9_F000;
  static final long MEGABYTE = 0x10_0000;
  private static final long BIOS_DATA = 0x9_FC00;
  private static final int ENTRY = 20;
  // Types of E820.
  private static final int RAM = 1;
  private static final int RESERVED = 2;
  private static final int ACPI = 3;
  private static final int UNUSABLE = 5;

  Dom0Map {
    reserved = List.copyOf(reserved);
  }

  /**
   * Where RAM ends that begins as a PC's does.
   *
   * @param bytes of RAM, a multiple of 4 KiB
   * @throws IllegalArgumentException if it isn't, or is less than 2 MiB
   */
  static long end(long bytes) {
    if (bytes < 2 * MEGABYTE || bytes % PAGE != 0) {
      throw new IllegalArgumentException("the domain's memory: expected whole pages of 4 KiB, 2 MiB at least, got " + bytes + " bytes");
    }
    return MEGABYTE + bytes - LOW_END;
  }

  private record Range(long base, long size, int type) {}

  /** What the domain is told by XENMEM_memory_map. */
  byte[] entries() {
    List<Range> all = new ArrayList<>();
    all.add(new Range(0, LOW_END, RAM));
    all.add(new Range(BIOS_DATA, MEGABYTE - BIOS_DATA, RESERVED));
    all.add(new Range(MEGABYTE, tables - MEGABYTE, RAM));
    all.add(new Range(tables, end - tables, ACPI));
    if (ramEnd > end) {
      all.add(new Range(end, ramEnd - end, UNUSABLE));
    }
    reserved.forEach(each -> all.add(new Range(each.base(), each.size(), RESERVED)));
    all.sort(Comparator.comparingLong(Range::base));
    ByteBuffer bytes = ByteBuffer.allocate(all.size() * ENTRY).order(ByteOrder.LITTLE_ENDIAN);
    all.forEach(each -> bytes.putLong(each.base).putLong(each.size).putInt(each.type));
    return bytes.array();
  }
}
