// SPDX-License-Identifier: EPL-2.0
package org.xenolith.xen.abi;

/** Argument of XEN_DOMCTL_iomem_permission ({@code struct xen_domctl_iomem_permission}). */
public final class DomctlIomemPermission extends AbiStruct {
  /** Bytes. */
  public static final int SIZE = 24;
  public static final int FIRST_MFN = 0;
  public static final int NR_MFNS = 8;
  public static final int ALLOW_ACCESS = 16;

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

  public int allowAccess() {
    return memory.read8(address + ALLOW_ACCESS) & 0xff;
  }

  public void allowAccess(int value) {
    memory.write8(address + ALLOW_ACCESS, (byte) value);
  }
}
