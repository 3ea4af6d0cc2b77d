// SPDX-License-Identifier: EPL-2.0
package org.xenolith.firmware.acpi.boot;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.xenolith.boot.api.BootException;
import org.xenolith.boot.api.MemoryRange;

/**
 * Where firmware finds room in a machine's RAM.
 *
 * @param banks of RAM
 * @param kept  RAM that software of the machine uses besides the kernel's: in whole pages, each range in one bank
 * @param above bytes that are left free behind what is placed, up to the end of its bank, if that has so many
 */
record FreeRam(List<MemoryRange> banks, List<MemoryRange> kept, long above) {
  /** Where there is room below 4 GiB it is taken, as an operating system of 32 bits would want it. */
  private static final long LIMIT = 1L << 32;

  FreeRam {
    banks = List.copyOf(banks);
    kept = List.copyOf(kept);
  }

  /**
   * The highest room in the first bank that has any.
   *
   * @param size      in bytes
   * @param alignment of its first byte, a power of two
   * @throws BootException if there is none
   */
  MemoryRange highest(long size, long alignment) {
    return banks.stream().flatMap(bank -> room(bank, size, alignment).stream()).findFirst().orElseThrow(() -> new BootException(
        "ACPI tables of " + size + " bytes find no room in RAM; give the machine more memory"));
  }

  private Optional<MemoryRange> room(MemoryRange bank, long size, long alignment) {
    long end = bank.base() < LIMIT ? Math.min(bank.end(), LIMIT) : bank.end();
    List<Long> ends = new ArrayList<>(List.of(bank.size() >= 2 * above + size ? end - above : end));
    kept.forEach(range -> ends.add(range.base()));
    return ends.stream().map(last -> new MemoryRange(last - size & -alignment, size))
        .filter(room -> bank.base() <= room.base() && room.end() <= bank.end()
            && kept.stream().noneMatch(range -> range.base() < room.end() && room.base() < range.end()))
        .max(Comparator.comparingLong(MemoryRange::base));
  }
}
