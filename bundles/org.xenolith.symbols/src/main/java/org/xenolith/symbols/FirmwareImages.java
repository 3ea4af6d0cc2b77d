// SPDX-License-Identifier: EPL-2.0
package org.xenolith.symbols;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.xenolith.inspect.api.InspectedMemory;
import org.xenolith.inspect.symbols.LoadedCode;

/**
 * The images that UEFI firmware has in memory: those in its debugging table, which a pointer leads to that stands at a multiple of 4 MiB, and the one around an address, by the header before it.
 * Source: UEFI Specification 2.10, 18.4 EFI Debug Support Table, 4.3 EFI System Table, 9.1 EFI Loaded Image Protocol.
 */
final class FirmwareImages {
  private static final long STEP = 4 << 20;
  private static final long HIGHEST = 16L << 30;
  private static final long SIGNATURE = 0x5453_5953_2049_4249L;
  /** 49152E77-1ADA-4764-B7A2-7AFEFED95E8B. */
  private static final long[] DEBUG_TABLE = {0x4764_1ADA_4915_2E77L, 0x8B5E_D9FE_FE7A_A2B7L};
  private static final int TABLES_COUNT = 104;
  private static final int TABLES = 112;
  private static final int TABLE = 24;
  private static final int MOST_TABLES = 256;
  private static final int MOST_IMAGES = 4096;
  private static final int NORMAL = 1;
  private static final int FILE_PATH = 32;
  private static final int IMAGE_BASE = 64;
  private static final int IMAGE_SIZE = 72;
  /** Pages before an address in which the header of its image is looked for. */
  private static final int REACH = 4096;

  /** Those that were read, by their address. */
  private final Map<Long, Optional<MappedPe>> headers = new HashMap<>();
  private long system;
  private long vain = -1;

  /** Whether an address is in an image that says its own name, as firmware's do and kernels don't. */
  boolean names(InspectedMemory memory, long address) {
    return before(memory, address).filter(each -> !each.name().isEmpty()).isPresent();
  }

  /** The image that an address is within, by the header before it. */
  Optional<LoadedCode> around(InspectedMemory memory, long address) {
    return before(memory, address).map(MappedPe::image);
  }

  private static Optional<MappedPe> before(InspectedMemory memory, long address) {
    long page = address & -InspectedMemory.PAGE;
    // An image is in one piece.
    for (int i = 0; i < REACH && page >= 0 && memory.read(page, 1).isPresent(); i++, page -= InspectedMemory.PAGE) {
      Optional<MappedPe> found = MappedPe.at(memory, page);
      if (found.isPresent()) {
        return found.filter(each -> address - each.base() < each.size());
      }
    }
    return Optional.empty();
  }

  /** Those in the table now, in its order; none if there is no table. */
  List<LoadedCode> now(InspectedMemory memory, long where) {
    if (system == 0 && vain != where) {
      // Firmware executes images: where none is around, no table is looked for.
      system = before(memory, where).isPresent() ? look(memory) : 0;
      vain = where;
    }
    if (system != 0 && GuestWords.word(memory, system) != SIGNATURE) {
      system = 0;
      headers.clear();
    }
    return system == 0 ? List.of() : listed(memory, debugTable(memory));
  }

  private static long look(InspectedMemory memory) {
    for (long at = 0; at < HIGHEST; at += STEP) {
      if (GuestWords.word(memory, at) == SIGNATURE) {
        long table = GuestWords.word(memory, at + 8);
        if (GuestWords.word(memory, table) == SIGNATURE) {
          return table;
        }
      }
    }
    return 0;
  }

  private long debugTable(InspectedMemory memory) {
    long tables = GuestWords.word(memory, system + TABLES);
    long count = Math.clamp(GuestWords.word(memory, system + TABLES_COUNT), 0, MOST_TABLES);
    for (long at = tables; at < tables + count * TABLE; at += TABLE) {
      if (GuestWords.word(memory, at) == DEBUG_TABLE[0] && GuestWords.word(memory, at + 8) == DEBUG_TABLE[1]) {
        return GuestWords.word(memory, at + 16);
      }
    }
    return 0;
  }

  private List<LoadedCode> listed(InspectedMemory memory, long table) {
    List<LoadedCode> images = new ArrayList<>();
    int count = table == 0 ? 0 : Math.clamp(GuestWords.half(memory, table + 4), 0, MOST_IMAGES);
    long entries = GuestWords.word(memory, table + 8);
    for (int i = 0; i < count; i++) {
      long entry = GuestWords.word(memory, entries + 8L * i);
      long loaded = entry == 0 || GuestWords.half(memory, entry) != NORMAL ? 0 : GuestWords.word(memory, entry + 8);
      long base = loaded == 0 ? 0 : GuestWords.word(memory, loaded + IMAGE_BASE);
      long size = loaded == 0 ? 0 : GuestWords.word(memory, loaded + IMAGE_SIZE);
      if (base > 0 && size > 0 && size < STEP * STEP) {
        String name = headers.computeIfAbsent(base, at -> MappedPe.at(memory, at)).map(MappedPe::name).orElse("");
        images.add(MappedPe.image(name.isEmpty() ? DevicePathName.of(memory, GuestWords.word(memory, loaded + FILE_PATH)) : name, base,
            size));
      }
    }
    return images;
  }
}
