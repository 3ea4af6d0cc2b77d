// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.amdvi;

import org.xenolith.hyp.api.FrameHeap;
import org.xenolith.hyp.kit.MachineMemory;

/**
 * Tables of the messages that functions may send, one page each, of 256 entries of 32 bits (48882, 2.2.5). A message names the entry of its own
 * vector, which leads to just that vector of the boot CPU.
 */
final class FunctionMessages {
  private static final int ENTRIES = 256;
  private static final int ALLOWED = 1;
  private static final int DESTINATION = 8;
  private static final int VECTOR = 16;

  private final FrameHeap heap;
  private final MachineMemory memory;
  private final int destination;

  /** @param destination the boot CPU's APIC id */
  FunctionMessages(FrameHeap heap, MachineMemory memory, int destination) {
    this.heap = heap;
    this.memory = memory;
    this.destination = destination;
  }

  /** An empty table; 0 if there is no room. */
  long make() {
    long frame = heap.allocate(FrameHeap.HYPERVISOR, 1, 1);
    if (frame < 0) {
      return 0;
    }
    memory.clear(frame << 12);
    return frame << 12;
  }

  void free(long table) {
    if (table != 0) {
      heap.free(FrameHeap.HYPERVISOR, table >>> 12);
    }
  }

  /** Whether a vector is one that there is an entry for. */
  static boolean known(int vector) {
    return vector >= 0 && vector < ENTRIES;
  }

  /** A message passes, or not. @return whether that is new */
  boolean allow(long table, int vector, boolean on) {
    long entry = table + Integer.BYTES * vector;
    int value = on ? ALLOWED | destination << DESTINATION | vector << VECTOR : 0;
    if (memory.read32(entry) == value) {
      return false;
    }
    memory.write32(entry, value);
    return true;
  }
}
