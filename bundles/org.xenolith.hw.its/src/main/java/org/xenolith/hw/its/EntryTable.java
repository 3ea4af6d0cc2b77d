// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.its;

import java.util.function.LongSupplier;
import org.xenolith.machine.api.DmaPort;

/**
 * A table of entries of 8 bytes in guest memory where a GITS_BASER register says: flat, or of two levels (Arm IHI 0069H, 5.2.1).
 * What entries mean is the implementation's; that of all here is that bit 63 makes one valid. Every access goes to memory and
 * throws {@link org.xenolith.machine.api.ExternalAbort} where there is none.
 */
final class EntryTable {
  static final int ENTRY_BYTES = 8;
  static final long VALID = 1L << 63;
  private static final long INDIRECT = 1L << 62;
  private static final long ADDRESS = 0x0000_FFFF_FFFF_F000L;
  /** With pages of 64 KiB bits 15:12 hold bits 51:48 of the address. */
  private static final long HIGH_ADDRESS = 0xF000;
  private static final long SECOND_ADDRESS = 0x000F_FFFF_FFFF_F000L;
  private static final long NOWHERE = -1;

  private final DmaPort memory;
  private final LongSupplier base;

  /** @param base the register's value */
  EntryTable(DmaPort memory, LongSupplier base) {
    this.memory = memory;
    this.base = base;
  }

  /** The entry of an id; 0 if it isn't valid or the table has no room for it. */
  long get(long id) {
    long address = address(id);
    long entry = address == NOWHERE ? 0 : memory.read(address, ENTRY_BYTES);
    return entry < 0 ? entry : 0;
  }

  /**
   * Stores an entry.
   *
   * @return whether the table has room for that id
   */
  boolean put(long id, long entry) {
    long address = address(id);
    if (address != NOWHERE) {
      memory.write(address, ENTRY_BYTES, entry);
    }
    return address != NOWHERE;
  }

  private long address(long id) {
    long register = base.getAsLong();
    long page = pageBytes(register);
    long bytes = ((register & 0xFF) + 1) * page;
    long offset = id * ENTRY_BYTES;
    if ((register & VALID) == 0) {
      return NOWHERE;
    }
    if ((register & INDIRECT) == 0) {
      return offset < bytes ? first(register, page) + offset : NOWHERE;
    }
    long at = offset / page * ENTRY_BYTES;
    long second = at < bytes ? memory.read(first(register, page) + at, ENTRY_BYTES) : 0;
    return (second & VALID) != 0 ? (second & SECOND_ADDRESS & -page) + offset % page : NOWHERE;
  }

  private static long first(long register, long page) {
    long low = register & ADDRESS & -page;
    return page < 0x1_0000 ? low : low | (register & HIGH_ADDRESS) << 36;
  }

  private static long pageBytes(long register) {
    return switch ((int) (register >> 8) & 3) {
      case 0 -> 0x1000;
      case 1 -> 0x4000;
      default -> 0x1_0000;
    };
  }
}
