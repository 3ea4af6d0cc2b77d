// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.kit;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;

/**
 * Reads what EFI firmware leaves in memory for who takes over from it (UEFI 2.10, 4.3, 4.6 and 7.2.3). Nothing of it is believed before it is
 * looked at.
 *
 * @param memory physical memory
 */
public record EfiTableReader(Memory memory) {
  private static final long SIGNATURE = 0x5453595320494249L;
  private static final int ENTRIES_AT = 104;
  /** Entries of configuration tables that are looked at: firmware has a dozen. */
  private static final int MOST_ENTRIES = 256;
  private static final int MOST_MAP = 1 << 20;

  /** Memory by physical addresses. */
  public interface Memory {
    /** Copies out. @throws IllegalArgumentException where there is none, if it can't be read as zeros */
    byte[] read(long address, int length);
  }

  /**
   * A descriptor of the memory map, as it stands there.
   *
   * @param type  number of its kind; see {@link EfiMemoryType}
   * @param base  first address
   * @param pages of 4096 bytes
   */
  public record Descriptor(int type, long base, long pages) {}

  /**
   * Looks a configuration table up.
   *
   * @param systemTable physical address of the system table
   * @param guid        as text
   * @return its physical address; empty if the firmware has none
   * @throws IllegalArgumentException if the system table isn't there; says where
   */
  public OptionalLong configuration(long systemTable, String guid) {
    ByteBuffer table = bytes("the firmware's system table", systemTable, EfiSystemTable.SIZE);
    if (table.getLong(0) != SIGNATURE) {
      throw new IllegalArgumentException("the firmware's system table at 0x" + Long.toHexString(systemTable)
          + ": it doesn't begin with IBI SYST");
    }
    byte[] wanted = EfiSystemTable.guid(guid);
    long entries = Math.min(table.getLong(ENTRIES_AT) & Long.MAX_VALUE, MOST_ENTRIES);
    for (int i = 0; i < entries; i++) {
      ByteBuffer entry = bytes("the firmware's configuration table " + i, table.getLong(ENTRIES_AT + 8) + (long) EfiSystemTable.ENTRY * i,
          EfiSystemTable.ENTRY);
      if (Arrays.equals(entry.array(), 0, wanted.length, wanted, 0, wanted.length)) {
        return OptionalLong.of(entry.getLong(wanted.length));
      }
    }
    return OptionalLong.empty();
  }

  /**
   * Reads the memory map.
   *
   * @param at   its physical address
   * @param size bytes
   * @param step bytes from one descriptor to the next
   * @throws IllegalArgumentException if it can't be one, or isn't there; says where
   */
  public List<Descriptor> map(long at, long size, long step) {
    if (size < 0 || size > MOST_MAP || step < EfiMemoryMap.DESCRIPTOR_SIZE || step > EfiMemoryMap.PAGE) {
      throw new IllegalArgumentException("the firmware's memory map at 0x" + Long.toHexString(at) + ": " + size + " bytes, descriptors of "
          + step + "; expected descriptors of at least " + EfiMemoryMap.DESCRIPTOR_SIZE + " bytes");
    }
    ByteBuffer map = bytes("the firmware's memory map", at, (int) size);
    List<Descriptor> found = new ArrayList<>();
    for (int i = 0; i + step <= size; i += (int) step) {
      found.add(new Descriptor(map.getInt(i), map.getLong(i + 8), map.getLong(i + 24)));
    }
    return found;
  }

  private ByteBuffer bytes(String what, long at, int length) {
    try {
      return ByteBuffer.wrap(memory.read(at, length)).order(ByteOrder.LITTLE_ENDIAN);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(what + " at 0x" + Long.toHexString(at) + ": " + e.getMessage(), e);
    }
  }
}
