// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.amdvi;

import static org.xenolith.hyp.amdvi.IommuRegisters.COMMAND_TAIL;

import org.xenolith.hyp.kit.MachineMemory;

/** Gives an IOMMU commands, each with a COMPLETION_WAIT behind it, and waits until that has written a number that it never wrote before (48882, 2.4). */
final class CommandBuffer {
  private static final int OPCODE = 60;
  private static final long COMPLETION_WAIT = 1L << OPCODE;
  private static final long STORE = 1;
  private static final long INVALIDATE_DEVTAB_ENTRY = 2L << OPCODE;
  private static final long INVALIDATE_IOMMU_PAGES = 3L << OPCODE;
  private static final long INVALIDATE_INTERRUPT_TABLE = 5L << OPCODE;
  private static final long INVALIDATE_IOMMU_ALL = 8L << OPCODE;
  /** Address of all pages, S, and PDE: tables above the last, too. */
  private static final long ALL_PAGES = 0x7FFF_FFFF_FFFF_F003L;
  private static final int ENTRY = 16;
  private static final int BYTES = 4096;

  private final IommuRegisters registers;
  private final MachineMemory memory;
  private long base;
  private long word;

  CommandBuffer(IommuRegisters registers, MachineMemory memory) {
    this.registers = registers;
    this.memory = memory;
  }

  /** Where its page is, and the word that tells that commands are done. */
  void at(long newBase, long newWord) {
    base = newBase;
    word = newWord;
  }

  /** A stream's entry changed. @return whether the IOMMU has done it, here and below */
  boolean stream(long stream) {
    put(INVALIDATE_DEVTAB_ENTRY | stream, 0);
    return sync();
  }

  /** Which of a stream's messages pass changed. */
  boolean messages(long stream) {
    put(INVALIDATE_INTERRUPT_TABLE | stream, 0);
    return sync();
  }

  /** What is kept of a domain's addresses is void. */
  boolean addresses(int number) {
    put(INVALIDATE_IOMMU_PAGES | (long) number << 32, ALL_PAGES);
    return sync();
  }

  /** All that is kept is void. */
  boolean everything() {
    put(INVALIDATE_IOMMU_ALL, 0);
    return sync();
  }

  private void put(long first, long second) {
    long tail = registers.read(COMMAND_TAIL) & BYTES - ENTRY;
    memory.write64(base + tail, first);
    memory.write64(base + tail + 8, second);
    registers.write(COMMAND_TAIL, tail + ENTRY & BYTES - 1);
  }

  private boolean sync() {
    long number = memory.read64(word) + 1;
    put(COMPLETION_WAIT | STORE | word, number);
    for (int i = 0; i < IommuRegisters.POLLS; i++) {
      if (memory.read64(word) == number) {
        return true;
      }
      // A register is read so that time passes, and an IOMMU that is gone is noticed.
      registers.present(COMMAND_TAIL);
    }
    return false;
  }
}
