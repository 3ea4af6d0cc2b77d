// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.build.arm.acpi;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.xenolith.efi.kit.EfiMemoryMap;
import org.xenolith.efi.kit.EfiMemoryType;
import org.xenolith.efi.kit.EfiSystemTable;
import org.xenolith.hyp.api.DomainImage;
import org.xenolith.hyp.kit.MachineMemory;

/**
 * What EFI firmware left in the machine's memory: the place of the RSDP, and the ranges of memory that have tables (UEFI 2.10, 4.3, 4.6
 * and 7.2.3). Nothing in it is believed before it is looked at.
 */
final class HostFirmware {
  private static final int PAGE = 4096;
  private static final long SIGNATURE = 0x5453595320494249L;
  private static final int ENTRIES_AT = 104;
  /** Entries of configuration tables that are looked at: firmware has a dozen. */
  private static final int MOST_ENTRIES = 256;
  private static final int MOST_MAP = 1 << 20;
  /** The end of physical addresses (Arm ARM D8.1). */
  private static final long END = 1L << 52;

  private final MachineMemory memory;
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
    if (size < 0 || size > MOST_MAP || step < EfiMemoryMap.DESCRIPTOR_SIZE || step > PAGE) {
      throw new IllegalArgumentException("the firmware's memory map at 0x" + Long.toHexString(at) + ": " + size + " bytes, descriptors of "
          + step + "; expected descriptors of at least " + EfiMemoryMap.DESCRIPTOR_SIZE + " bytes");
    }
    ByteBuffer map = ByteBuffer.wrap(read(at, (int) size)).order(ByteOrder.LITTLE_ENDIAN);
    List<EfiMemoryMap.Range> found = new ArrayList<>();
    for (int i = 0; i + step <= size; i += (int) step) {
      int type = map.getInt(i);
      long base = map.getLong(i + 8);
      long pages = map.getLong(i + 24);
      for (EfiMemoryType kind : List.of(EfiMemoryType.ACPI_RECLAIM, EfiMemoryType.ACPI_NVS)) {
        if (type == kind.number()) {
          if (base < 0 || base >= END || base % PAGE != 0 || pages <= 0 || pages > END - base >>> 12) {
            throw new IllegalArgumentException("the firmware's memory map, descriptor " + i / step + ": 0x" + Long.toHexString(base) + ", "
                + pages + " pages is no memory");
          }
          found.add(new EfiMemoryMap.Range(kind, base, pages * PAGE, 0));
        }
      }
    }
    return found;
  }

  private long rsdp(long systemTable) {
    ByteBuffer table = ByteBuffer.wrap(read(systemTable, EfiSystemTable.SIZE)).order(ByteOrder.LITTLE_ENDIAN);
    if (table.getLong(0) != SIGNATURE) {
      throw new IllegalArgumentException("the firmware's system table at 0x" + Long.toHexString(systemTable)
          + ": it doesn't begin with IBI SYST");
    }
    byte[] wanted = EfiSystemTable.guid(EfiSystemTable.ACPI);
    long entries = Math.min(table.getLong(ENTRIES_AT) & Long.MAX_VALUE, MOST_ENTRIES);
    for (int i = 0; i < entries; i++) {
      byte[] entry = read(table.getLong(ENTRIES_AT + 8) + (long) EfiSystemTable.ENTRY * i, EfiSystemTable.ENTRY);
      if (Arrays.equals(entry, 0, wanted.length, wanted, 0, wanted.length)) {
        return ByteBuffer.wrap(entry).order(ByteOrder.LITTLE_ENDIAN).getLong(wanted.length);
      }
    }
    throw new IllegalArgumentException("the firmware's system table at 0x" + Long.toHexString(systemTable)
        + " names no RSDP of ACPI 2.0 or later");
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
