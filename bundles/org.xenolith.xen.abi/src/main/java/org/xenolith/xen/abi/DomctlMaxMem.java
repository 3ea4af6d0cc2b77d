// SPDX-License-Identifier: EPL-2.0
package org.xenolith.xen.abi;

/** Argument of XEN_DOMCTL_max_mem ({@code struct xen_domctl_max_mem}). */
public final class DomctlMaxMem extends AbiStruct {
  /** Bytes. */
  public static final int SIZE = 8;
  public static final int MAX_MEMKB = 0;

  public long maxMemkb() {
    return memory.read64(address + MAX_MEMKB);
  }

  public void maxMemkb(long value) {
    memory.write64(address + MAX_MEMKB, value);
  }
}
