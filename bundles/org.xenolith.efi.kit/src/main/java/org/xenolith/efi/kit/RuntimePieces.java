// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.kit;

import java.util.List;
import org.xenolith.efi.api.RuntimeMemory;
import org.xenolith.efi.api.RuntimeMemory.Range;
import org.xenolith.efi.kit.RuntimeServicesCode.Conduit;

/**
 * Runtime services in memory: their code in one piece; system table and EFI_RUNTIME_SERVICES in another one, which is behind it.
 *
 * @param base of the first piece: physical address, a multiple of {@link #PIECE}
 */
public record RuntimePieces(long base) {
  /** Of code and data each: whatever pages a kernel has (UEFI 2.10, 2.3.6), it can map them with rights of their own. */
  public static final long PIECE = 64 << 10;
  /** Bytes of both. */
  public static final long SIZE = 2 * PIECE;
  /** Word of Linux' command line: runtime services are called at their physical addresses. */
  private static final String NOT_MAPPED = "efi=novamap";
  /** Where Linux' own loader begins to map runtime services, in the lower half of addresses. */
  private static final long VIRTUAL = 0x2000_0000;

  /** Whether the loader of Linux maps runtime services for a kernel with this command line. */
  public static boolean maps(String bootArguments) {
    return !List.of(bootArguments.split("\\s+")).contains(NOT_MAPPED);
  }

  /**
   * Says in a memory map what is there.
   *
   * @param mapped as the loader of a kernel has mapped it; else at its physical addresses
   */
  public void claim(EfiMemoryMap map, boolean mapped) {
    map.claim(EfiMemoryType.RUNTIME_SERVICES_CODE, base, PIECE, mapped ? VIRTUAL : base);
    map.claim(EfiMemoryType.RUNTIME_SERVICES_DATA, base + PIECE, PIECE, mapped ? VIRTUAL + PIECE : base + PIECE);
  }

  /** Where the system table is. */
  public long systemTable() {
    return base + PIECE;
  }

  /**
   * Puts code and tables into memory, and does what a kernel's loader then does: it maps them.
   *
   * @param system   the system table, with all that it names
   * @param revision of the specification, {@code major << 16 | minor} times ten
   * @param map      with the addresses that {@link #claim} gave; null: nobody maps anything
   */
  public RuntimeMemory write(CallerMemory memory, EfiSystemTable system, int revision, Conduit conduit, EfiMemoryMap map) {
    long services = systemTable() + (system.length() + 15 & -16);
    RuntimeMemory placed = new RuntimeMemory(systemTable(), services, List.of(new Range(base, PIECE, base),
        new Range(systemTable(), PIECE, systemTable())), false);
    memory.write(base, RuntimeServicesCode.bytes(conduit));
    memory.write(systemTable(), system.runtimeServices(services).bytes(systemTable(), EfiSystemTable.SIZE));
    memory.write(services, RuntimeServicesTable.bytes(revision, base));
    if (map == null) {
      return placed;
    }
    RuntimeMemory mapped = VirtualAddressing.map(placed, map.bytes(), EfiMemoryMap.DESCRIPTOR_SIZE).memory();
    VirtualAddressing.rebase(memory, placed, mapped);
    return mapped;
  }
}
