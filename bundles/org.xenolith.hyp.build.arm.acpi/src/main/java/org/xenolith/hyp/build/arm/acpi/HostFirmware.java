// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.build.arm.acpi;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.xenolith.efi.kit.EfiMemoryMap;
import org.xenolith.efi.kit.EfiMemoryType;
import org.xenolith.efi.kit.EfiSystemTable;
import org.xenolith.efi.kit.EfiTableReader;
import org.xenolith.hyp.api.DomainImage;
import org.xenolith.hyp.kit.MachineMemory;

/**
 * What EFI firmware left in the machine's memory: the place of the RSDP, and the ranges of memory that have tables (UEFI 2.10, 4.3, 4.6
 * and 7.2.3). Nothing in it is believed before it is looked at.
 */
final class HostFirmware {
  private static final int PAGE = 4096;
  /** The end of physical addresses (Arm ARM D8.1). */
  private static final long END = 1L << 52;

  private final MachineMemory memory;
  private final EfiTableReader reader = new EfiTableReader(this::read);
  private final List<EfiMemoryMap.Range> tables;
  private final long rsdp;

  /**
   * Looks it up.
   *
   * @param options of {@link DomainImage}
   * @throws IllegalArgumentException if it isn't there, or isn't what it says
   */
  HostFirmware(MachineMemory memory, Map<String, String> options) {
    this.memory = memory;
    tables = tables(number(options, DomainImage.EFI_MEMORY_MAP), number(options, DomainImage.EFI_MEMORY_MAP_SIZE),
        number(options, DomainImage.EFI_DESCRIPTOR_SIZE));
    rsdp = rsdp(number(options, DomainImage.EFI_SYSTEM_TABLE));
  }

  private static long number(Map<String, String> options, String name) {
    try {
      return Long.parseUnsignedLong(options.getOrDefault(name, ""), 16);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(name + " '" + options.getOrDefault(name, "") + "': expected an address in hexadecimal digits;"
          + " the machine's firmware says where it is");
    }
  }

  private List<EfiMemoryMap.Range> tables(long at, long size, long step) {
    List<EfiMemoryMap.Range> found = new ArrayList<>();
    List<EfiTableReader.Descriptor> map = reader.map(at, size, step);
    for (int i = 0; i < map.size(); i++) {
      int type = map.get(i).type();
      long base = map.get(i).base();
      long pages = map.get(i).pages();
      for (EfiMemoryType kind : List.of(EfiMemoryType.ACPI_RECLAIM, EfiMemoryType.ACPI_NVS)) {
        if (type == kind.number()) {
          if (base < 0 || base >= END || base % PAGE != 0 || pages <= 0 || pages > END - base >>> 12) {
            throw new IllegalArgumentException("the firmware's memory map, descriptor " + i + ": 0x" + Long.toHexString(base) + ", "
                + pages + " pages is no memory");
          }
          found.add(new EfiMemoryMap.Range(kind, base, pages * PAGE, 0));
        }
      }
    }
    return found;
  }

  private long rsdp(long systemTable) {
    return reader.configuration(systemTable, EfiSystemTable.ACPI).orElseThrow(() -> new IllegalArgumentException(
        "the firmware's system table at 0x" + Long.toHexString(systemTable) + " names no RSDP of ACPI 2.0 or later"));
  }

  /** Physical address of the RSDP. */
  long rsdp() {
    return rsdp;
  }

  /** The ranges that tables may be in. */
  List<EfiMemoryMap.Range> tables() {
    return tables;
  }

  /** Bytes between an address and the end of the range of tables that it is in; 0 if it is in none. */
  long room(long address) {
    return tables.stream().filter(r -> r.base() <= address && address < r.base() + r.size()).mapToLong(r -> r.base() + r.size() - address)
        .findFirst().orElse(0);
  }

  /** Copies out; what is no RAM is zero. */
  byte[] read(long address, int length) {
    byte[] bytes = new byte[length];
    for (int done = 0; done < length;) {
      int part = Math.min(length - done, PAGE - (int) (address + done & PAGE - 1));
      memory.read(address + done, bytes, done, part);
      done += part;
    }
    return bytes;
  }
}
