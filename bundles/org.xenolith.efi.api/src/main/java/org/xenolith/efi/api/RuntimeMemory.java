// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.api;

import java.util.List;

/**
 * What firmware has left in a machine's memory for its runtime services (UEFI 2.10, 4.3, 4.5 and 8.4).
 *
 * @param systemTable     physical address of the EFI system table; in one of the ranges
 * @param runtimeServices physical address of EFI_RUNTIME_SERVICES; in one of the ranges
 * @param ranges          all memory that the services need
 * @param mapped          whether an operating system has said where it has mapped the ranges, so that pointers in the tables are virtual
 */
public record RuntimeMemory(long systemTable, long runtimeServices, List<Range> ranges, boolean mapped) {
  /** Keeps a copy of the list. */
  public RuntimeMemory {
    ranges = List.copyOf(ranges);
  }

  /**
   * A range of memory.
   *
   * @param base    physical address
   * @param size    in bytes
   * @param virtual where it is mapped; the same as the physical address while it isn't
   */
  public record Range(long base, long size, long virtual) {
    /** Whether all of these bytes are in it. */
    public boolean contains(long address, long length) {
      return length >= 0 && Long.compareUnsigned(address - base, size) < 0 && Long.compareUnsigned(length, size - (address - base)) <= 0;
    }
  }
}
