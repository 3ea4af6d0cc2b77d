// SPDX-License-Identifier: EPL-2.0
package org.xenolith.xen.abi;

/** Argument of XENMEM_memory_map ({@code struct xen_memory_map}). */
public final class MemoryMap extends AbiStruct {
  /** Bytes. */
  public static final int SIZE = 16;
  public static final int NR_ENTRIES = 0;
  public static final int BUFFER = 8;

  public int nrEntries() {
    return memory.read32(address + NR_ENTRIES);
  }

  public void nrEntries(int value) {
    memory.write32(address + NR_ENTRIES, value);
  }

  public long buffer() {
    return memory.read64(address + BUFFER);
  }

  public void buffer(long value) {
    memory.write64(address + BUFFER, value);
  }
}
