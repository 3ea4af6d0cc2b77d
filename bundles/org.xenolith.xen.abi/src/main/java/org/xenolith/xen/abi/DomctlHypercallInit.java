// SPDX-License-Identifier: EPL-2.0
package org.xenolith.xen.abi;

/** Argument of XEN_DOMCTL_hypercall_init ({@code struct xen_domctl_hypercall_init}). */
public final class DomctlHypercallInit extends AbiStruct {
  /** Bytes. */
  public static final int SIZE = 8;
  public static final int GMFN = 0;

  public long gmfn() {
    return memory.read64(address + GMFN);
  }

  public void gmfn(long value) {
    memory.write64(address + GMFN, value);
  }
}
