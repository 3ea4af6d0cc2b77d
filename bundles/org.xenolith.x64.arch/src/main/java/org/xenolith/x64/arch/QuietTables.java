// SPDX-License-Identifier: EPL-2.0
package org.xenolith.x64.arch;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.xenolith.machine.kit.Ram;

/** Paging structures as they are in RAM, read without a trace: no accessed flag is set, no device read, nothing that was translated before asked. */
final class QuietTables {
  private static final long PRESENT = 1;
  private static final long WRITE = 1 << 1;
  private static final long USER = 1 << 2;
  private static final long PAGE_SIZE = 1 << 7;
  private static final long NO_EXECUTE = 1L << 63;
  private static final long ADDRESS = 0xF_FFFF_FFFF_F000L;
  private static final String[] WIDE = {"PT", "PD", "PDPT", "PML4"};

  private final Core cpu;
  private final List<TableRead> reads = new ArrayList<>();
  private int level;

  QuietTables(Core cpu) {
    this.cpu = cpu;
  }

  /** A walk of the guest's own structures begins, at one that has so many levels below it. */
  void begin(int top) {
    reads.clear();
    level = top;
  }

  List<TableRead> reads() {
    return List.copyOf(reads);
  }

  /** The entry of the guest's next structure at a guest physical address; 0, which is not present, where there is no RAM. */
  long read(long guest, int size) {
    long machine = guest;
    if (cpu.host.attached()) {
      GuestMapping nested = nested(guest);
      if (nested == null || !nested.read()) {
        return 0;
      }
      machine = nested.address();
    }
    return entry(false, machine, size, level--);
  }

  private long entry(boolean nested, long machine, int size, int at) {
    Ram ram = cpu.env.bus().readable(machine);
    if (ram == null) {
      return 0;
    }
    long value = ram.read((int) (machine - ram.base), size);
    reads.add(new TableRead(nested, WIDE[at], machine, value, size));
    return value;
  }

  /** What nested page tables make of a guest physical address (AMD64 Architecture Programmer's Manual volume 2, 15.25); null for nothing. */
  @Nullable
  GuestMapping nested(long address) {
    if (cpu.host.nestedRoot() == 0 || address >>> 48 != 0) {
      return null;
    }
    long table = cpu.host.nestedRoot();
    long allowed = WRITE | USER;
    long never = 0;
    for (int at = 3;; at--) {
      int shift = 12 + 9 * at;
      long entry = entry(true, table + (address >>> shift & 511) * 8, 8, at);
      allowed &= entry;
      never |= entry & NO_EXECUTE;
      if ((entry & PRESENT) == 0) {
        return null;
      }
      if (at == 0 || at < 3 && (entry & PAGE_SIZE) != 0) {
        long inside = (1L << shift) - 1;
        boolean its = (allowed & USER) != 0;
        return new GuestMapping(entry & ADDRESS & ~inside | address & inside, shift, its, its && (allowed & WRITE) != 0, its && never
            == 0);
      }
      table = entry & ADDRESS;
    }
  }
}
