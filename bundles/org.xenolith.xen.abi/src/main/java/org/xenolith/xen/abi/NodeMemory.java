// SPDX-License-Identifier: EPL-2.0
package org.xenolith.xen.abi;

/** Element of XEN_SYSCTL_numainfo, in bytes ({@code struct xen_sysctl_meminfo}). */
public final class NodeMemory extends AbiStruct {
  /** Bytes. */
  public static final int SIZE = 16;
  public static final int MEMSIZE = 0;
  public static final int MEMFREE = 8;

  public long memsize() {
    return memory.read64(address + MEMSIZE);
  }

  public void memsize(long value) {
    memory.write64(address + MEMSIZE, value);
  }

  public long memfree() {
    return memory.read64(address + MEMFREE);
  }

  public void memfree(long value) {
    memory.write64(address + MEMFREE, value);
  }
}
