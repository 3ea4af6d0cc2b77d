// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.pci;

import java.util.ArrayList;
import java.util.List;
import org.xenolith.efi.boot.api.EfiRam;

/**
 * Something that a root bridge has to give, as its Configuration says it (UEFI 2.10, 14.2; ACPI 6.5, 6.4.3.5.1, QWORD address space descriptor).
 *
 * @param kind   {@link #MEMORY}, {@link #IO} or {@link #BUSES}
 * @param wide   whether it is for addresses of 64 bits
 * @param first  as the CPU sees it
 * @param offset what is added to be where devices see it
 * @param size   how much
 */
record RootWindow(int kind, boolean wide, long first, long offset, long size) {
  static final int MEMORY = 0;
  static final int IO = 1;
  static final int BUSES = 2;
  /** Bytes of a descriptor, and its first one; the first of what ends them. */
  static final int DESCRIPTOR = 46;
  static final int QWORD = 0x8A;
  static final int END = 0x79;
  private static final int MOST = 16;
  private static final int WIDE = 64;

  /** All up to the first thing that is none. */
  static List<RootWindow> read(EfiRam memory, long at) {
    List<RootWindow> found = new ArrayList<>();
    for (long here = at; found.size() < MOST && memory.get8(here) == QWORD; here += DESCRIPTOR) {
      long first = memory.get64(here + 14);
      found.add(new RootWindow(memory.get8(here + 3), memory.get64(here + 6) == WIDE, first, memory.get64(here + 30), memory.get64(here
          + 22)
          - first + 1));
    }
    return found;
  }

  /** Where devices see it. */
  long bus() {
    return first + offset;
  }

  /** Whether devices see all these bytes in it. */
  boolean covers(long address, long bytes) {
    long at = address - bus();
    return at >= 0 && bytes >= 0 && bytes <= size && at <= size - bytes;
  }
}
