// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.smmuv3;

import org.xenolith.machine.api.DmaPort;
import org.xenolith.machine.api.ExternalAbort;

/** Stage 2: intermediate physical addresses, of accesses and of what stage 1 reads, to physical ones. */
final class Stage2 {
  private static final int READ = 1 << 6;
  private static final int WRITE = 1 << 7;
  private static final int NORMAL_MEMORY = 3 << 4;

  private final DmaPort memory;
  private final SmmuWalker walker = new SmmuWalker(this::fetch);
  private Fault.Purpose purpose;

  Stage2(DmaPort memory) {
    this.memory = memory;
  }

  private long fetch(long address) throws Fault {
    try {
      return memory.read(address, 8);
    } catch (ExternalAbort refused) {
      throw Fault.stage2Walk(purpose, address);
    }
  }

  /**
   * Translates.
   *
   * @param why what the address is of: a fault says so
   */
  long translate(StreamEntry entry, long address, boolean write, Fault.Purpose why) throws Fault {
    purpose = why;
    TranslationTable table = entry.table();
    EventKind wrong = address >>> table.inputBits() != 0 ? EventKind.F_TRANSLATION : walker.walk(table, address);
    if (wrong != null) {
      throw Fault.stage2(wrong, why, address);
    }
    boolean deviceTable = why != Fault.Purpose.INPUT && entry.noDeviceTables() && (walker.leaf() & NORMAL_MEMORY) == 0;
    if (deviceTable || !(write ? writable() : readable())) {
      throw Fault.stage2(EventKind.F_PERMISSION, why, address);
    }
    return walker.output();
  }

  /** Whether what was translated last may be read. */
  boolean readable() {
    return (walker.leaf() & READ) != 0;
  }

  /** Whether what was translated last may be written. */
  boolean writable() {
    return (walker.leaf() & WRITE) != 0;
  }

  /** Log2 of the size of the page or block that was translated last. */
  int shift() {
    return walker.shift();
  }
}
