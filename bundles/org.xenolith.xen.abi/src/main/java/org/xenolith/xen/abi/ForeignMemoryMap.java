// SPDX-License-Identifier: EPL-2.0
package org.xenolith.xen.abi;

/** Argument of XENMEM_set_memory_map ({@code struct xen_foreign_memory_map}). */
public final class ForeignMemoryMap extends AbiStruct {
  /** Bytes. */
  public static final int SIZE = 24;
  public static final int DOMID = 0;
  public static final int NR_ENTRIES = 8;
  public static final int BUFFER = 16;

  public int domid() {
    return memory.read16(address + DOMID) & 0xffff;
  }

  public void domid(int value) {
    memory.write16(address + DOMID, (short) value);
  }

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
