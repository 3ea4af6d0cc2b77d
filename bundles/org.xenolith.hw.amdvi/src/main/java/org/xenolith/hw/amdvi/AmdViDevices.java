// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.amdvi;

import static org.xenolith.hw.amdvi.AmdViRegister.DEVICE_TABLE;

import java.util.Arrays;
import org.xenolith.hw.amdvi.AmdViEvents.Code;
import org.xenolith.machine.api.DmaPort;
import org.xenolith.machine.api.ExternalAbort;
import org.xenolith.regs.RegisterFile;

/** Reads device table entries and keeps them until they are invalidated (48882, 2.2.2). What is kept is not state. */
final class AmdViDevices {
  /** What a lookup gives if there is no entry to go by. */
  static final int NONE = -1;
  private static final int SLOTS = 256;
  private static final int ENTRY = 32;
  private static final int PAGE = 4096;
  private static final long BASE = 0x000F_FFFF_FFFF_F000L;
  private static final long VALID = 1;
  private static final int HIGHEST_MODE = 6;
  private static final int CONTROL_RESERVED = 3;
  private static final int LONGEST_TABLE = 11;

  private final RegisterFile<AmdViRegister> registers;
  private final DmaPort memory;
  private final AmdViEvents events;
  private final int[] kept = new int[SLOTS];
  private final long[] first = new long[SLOTS];
  private final long[] second = new long[SLOTS];
  private final long[] third = new long[SLOTS];
  private final boolean[] faulted = new boolean[SLOTS];

  AmdViDevices(RegisterFile<AmdViRegister> registers, DmaPort memory, AmdViEvents events) {
    this.registers = registers;
    this.memory = memory;
    this.events = events;
    clear();
  }

  /**
   * Where the entry of a device is kept, for the other methods.
   *
   * @param flags   of events: what the device wants
   * @param address that it wants
   * @return {@link #NONE} if it has none that is legal, which has been logged
   */
  int find(long device, long flags, long address) {
    int slot = (int) device & SLOTS - 1;
    return kept[slot] == device ? slot : fetch(slot, device, flags, address);
  }

  private int fetch(int slot, long device, long flags, long address) {
    long table = registers.get(DEVICE_TABLE);
    if ((device + 1) * ENTRY > ((table & 0x1FF) + 1) * PAGE) {
      events.log(Code.ILLEGAL_DEV_TABLE_ENTRY, device, 0, flags, address);
      return NONE;
    }
    kept[slot] = NONE;
    long at = (table & BASE) + device * ENTRY;
    try {
      first[slot] = memory.read(at, 8);
      second[slot] = memory.read(at + 8, 8);
      third[slot] = memory.read(at + 16, 8);
    } catch (ExternalAbort nobody) {
      events.log(Code.DEV_TAB_HARDWARE_ERROR, device, 0, flags & ~AmdViEvents.RESERVED | AmdViEvents.MASTER_ABORT, at);
      return NONE;
    }
    boolean illegal = valid(slot) && translates(slot) && mode(slot) > HIGHEST_MODE
        || remaps(slot) && (control(slot) == CONTROL_RESERVED || tableLog2(slot) > LONGEST_TABLE);
    if (illegal) {
      events.log(Code.ILLEGAL_DEV_TABLE_ENTRY, device, 0, flags | AmdViEvents.RESERVED, address);
      return NONE;
    }
    kept[slot] = (int) device;
    faulted[slot] = false;
    return slot;
  }

  /** V: what the entry says of memory holds; else everything passes. */
  boolean valid(int slot) {
    return (first[slot] & VALID) != 0;
  }

  /** TV: what it says of translation holds. */
  boolean translates(int slot) {
    return (first[slot] & 2) != 0;
  }

  /** Levels of its page tables; 0 for addresses that stay as they are. */
  int mode(int slot) {
    return (int) (first[slot] >>> 9) & 7;
  }

  /** Address of its first page table. */
  long root(int slot) {
    return first[slot] & BASE;
  }

  /** What it may do anywhere: 1 read, 2 write. */
  int permissions(int slot) {
    return (int) (first[slot] >>> 61) & 3;
  }

  int domain(int slot) {
    return (int) second[slot] & 0xFFFF;
  }

  /** EX: the exclusion range holds for it. */
  boolean excluded(int slot) {
    return (second[slot] & 1L << 39) != 0;
  }

  /** Whether a page fault of it is logged: SA suppresses all, SE all but the first. */
  boolean logs(int slot) {
    boolean logged = (second[slot] & 1L << 34) == 0 && ((second[slot] & 1L << 33) == 0 || !faulted[slot]);
    faulted[slot] = true;
    return logged;
  }

  /** IV: what it says of interrupts holds; else all pass. */
  boolean remaps(int slot) {
    return (third[slot] & 1) != 0;
  }

  /** Log2 of the entries of its interrupt remapping table. */
  int tableLog2(int slot) {
    return (int) (third[slot] >>> 1) & 0xF;
  }

  /** IG: interrupts that aren't remapped are no events. */
  boolean ignoresUnmapped(int slot) {
    return (third[slot] & 1 << 5) != 0;
  }

  /** Address of its interrupt remapping table. */
  long interruptTable(int slot) {
    return third[slot] & 0x000F_FFFF_FFFF_FFC0L;
  }

  /** IntCtl: what becomes of fixed and arbitrated interrupts: 0 none passes, 1 they pass as they are, 2 they are remapped. */
  int control(int slot) {
    return (int) (third[slot] >>> 60) & 3;
  }

  /** Whether interrupts of a delivery mode pass that is neither fixed nor arbitrated. */
  boolean passes(int slot, int delivery) {
    return switch (delivery) {
      case 4 -> (third[slot] & 1L << 58) != 0;
      case 5 -> (third[slot] & 1L << 56) != 0;
      case 7 -> (third[slot] & 1L << 57) != 0;
      default -> false;
    };
  }

  /** Forgets a device. */
  void drop(int device) {
    if (kept[device & SLOTS - 1] == device) {
      kept[device & SLOTS - 1] = NONE;
    }
  }

  /** Forgets everything. */
  void clear() {
    Arrays.fill(kept, NONE);
  }
}
