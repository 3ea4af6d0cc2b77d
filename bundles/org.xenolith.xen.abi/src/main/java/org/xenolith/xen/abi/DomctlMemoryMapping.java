// SPDX-License-Identifier: EPL-2.0
package org.xenolith.xen.abi;

/** Argument of XEN_DOMCTL_memory_mapping ({@code struct xen_domctl_memory_mapping}). */
public final class DomctlMemoryMapping extends AbiStruct {
  /** Bytes. */
  public static final int SIZE = 32;
  public static final int FIRST_GFN = 0;
  public static final int FIRST_MFN = 8;
  public static final int NR_MFNS = 16;
  public static final int ADD_MAPPING = 24;

  public long firstGfn() {
    return memory.read64(address + FIRST_GFN);
  }

  public void firstGfn(long value) {
    memory.write64(address + FIRST_GFN, value);
  }

  public long firstMfn() {
    return memory.read64(address + FIRST_MFN);
  }

  public void firstMfn(long value) {
    memory.write64(address + FIRST_MFN, value);
  }

  public long nrMfns() {
    return memory.read64(address + NR_MFNS);
  }

  public void nrMfns(long value) {
    memory.write64(address + NR_MFNS, value);
  }

  public int addMapping() {
    return memory.read32(address + ADD_MAPPING);
  }

  public void addMapping(int value) {
    memory.write32(address + ADD_MAPPING, value);
  }
}
