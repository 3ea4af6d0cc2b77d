// SPDX-License-Identifier: EPL-2.0
package org.xenolith.xen.abi;

/** Argument of XEN_DOMCTL_cacheflush ({@code struct xen_domctl_cacheflush}). */
public final class DomctlCacheFlush extends AbiStruct {
  /** Bytes. */
  public static final int SIZE = 16;
  public static final int START_PFN = 0;
  public static final int NR_PFNS = 8;

  public long startPfn() {
    return memory.read64(address + START_PFN);
  }

  public void startPfn(long value) {
    memory.write64(address + START_PFN, value);
  }

  public long nrPfns() {
    return memory.read64(address + NR_PFNS);
  }

  public void nrPfns(long value) {
    memory.write64(address + NR_PFNS, value);
  }
}
