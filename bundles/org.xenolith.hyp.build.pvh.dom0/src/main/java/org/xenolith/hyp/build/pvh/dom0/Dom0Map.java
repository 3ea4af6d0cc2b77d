// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.build.pvh.dom0;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.xenolith.platform.api.AddressWindow;

/**
 * Where the hardware domain has memory: the machine's map, with so much RAM as it is given, from 0 to the area of the BIOS and from 1 MiB on, and from where the machine's RAM goes on behind
 * the hole below 4 GiB; the RAM behind that isn't its.
 *
 * @param ram      its RAM, by ascending address: the first is below the area of the BIOS
 * @param machine  the machine's RAM, by ascending address
 * @param tables   where its ACPI tables begin; they end with its RAM below 4 GiB
 * @param reserved what else isn't to be used
 */
record Dom0Map(List<AddressWindow> ram, List<AddressWindow> machine, long tables, List<AddressWindow> reserved) {
  static final long PAGE = 4096;
  /** Whole pages below the BIOS data area. */
  static final long LOW_END = 0x9_F000;
  static final long MEGABYTE = 0x10_0000;
  private static final long BIOS_DATA = 0x9_FC00;
  private static final long FOUR_GIB = 1L << 32;
  private static final int ENTRY = 20;
  // Types of E820.
  private static final int RAM = 1;
  private static final int RESERVED = 2;
  private static final int ACPI = 3;
  private static final int UNUSABLE = 5;

  Dom0Map {
    ram = List.copyOf(ram);
    machine = List.copyOf(machine);
    reserved = List.copyOf(reserved);
  }

  /**
   * The domain's RAM: the machine's, from its begin on.
   *
   * @param bytes   of RAM, a multiple of 4 KiB
   * @param machine the machine's RAM, by ascending address, which begins as a PC's does
   * @throws IllegalArgumentException if it isn't, is less than 2 MiB, or more than the machine has
   */
  static List<AddressWindow> ram(long bytes, List<AddressWindow> machine) {
    if (bytes < 2 * MEGABYTE || bytes % PAGE != 0) {
      throw new IllegalArgumentException("the domain's memory: expected whole pages of 4 KiB, 2 MiB at least, got " + bytes + " bytes");
    }
    if (machine.isEmpty() || machine.getFirst().base() != 0 || machine.getFirst().size() <= MEGABYTE) {
      throw new IllegalArgumentException("a PC's memory begins at 0 and goes on behind 1 MiB; this machine's doesn't");
    }
    List<AddressWindow> ram = new ArrayList<>();
    ram.add(new AddressWindow(0, LOW_END));
    long left = bytes - LOW_END;
    for (AddressWindow bank : machine) {
      long from = Math.max(bank.base(), MEGABYTE);
      long size = Math.min(left, bank.end() - from);
      if (size > 0) {
        ram.add(new AddressWindow(from, size));
        left -= size;
      }
    }
    if (left > 0) {
      throw new IllegalArgumentException("the domain's memory: it is %d MiB more than the machine has; give it less, or the machine more"
          .formatted((left >> 20) + 1));
    }
    return ram;
  }

  /** Where the RAM ends that 32-bit addresses reach. */
  static long lowEnd(List<AddressWindow> ram) {
    return ram.stream().mapToLong(AddressWindow::end).filter(end -> end <= FOUR_GIB).max().orElseThrow();
  }

  private record Range(long base, long size, int type) {}

  /** What the domain is told by XENMEM_memory_map. */
  byte[] entries() {
    List<Range> all = new ArrayList<>();
    all.add(new Range(BIOS_DATA, MEGABYTE - BIOS_DATA, RESERVED));
    long tablesEnd = lowEnd(ram);
    for (AddressWindow each : ram) {
      long end = each.end() == tablesEnd ? tables : each.end();
      all.add(new Range(each.base(), end - each.base(), RAM));
    }
    all.add(new Range(tables, tablesEnd - tables, ACPI));
    long end = ram.getLast().end();
    for (AddressWindow bank : machine) {
      long from = Math.max(bank.base(), end);
      if (from < bank.end()) {
        all.add(new Range(from, bank.end() - from, UNUSABLE));
      }
    }
    reserved.forEach(each -> all.add(new Range(each.base(), each.size(), RESERVED)));
    all.sort(Comparator.comparingLong(Range::base));
    ByteBuffer bytes = ByteBuffer.allocate(all.size() * ENTRY).order(ByteOrder.LITTLE_ENDIAN);
    all.forEach(each -> bytes.putLong(each.base).putLong(each.size).putInt(each.type));
    return bytes.array();
  }
}
