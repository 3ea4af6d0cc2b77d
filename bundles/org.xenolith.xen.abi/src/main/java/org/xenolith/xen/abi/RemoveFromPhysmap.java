// SPDX-License-Identifier: EPL-2.0
package org.xenolith.xen.abi;

/** Argument of XENMEM_remove_from_physmap ({@code struct xen_remove_from_physmap}). */
public final class RemoveFromPhysmap extends AbiStruct {
  /** Bytes. */
  public static final int SIZE = 16;
  public static final int DOMID = 0;
  public static final int GPFN = 8;

  public int domid() {
    return memory.read16(address + DOMID) & 0xffff;
  }

  public void domid(int value) {
    memory.write16(address + DOMID, (short) value);
  }

  public long gpfn() {
    return memory.read64(address + GPFN);
  }

  public void gpfn(long value) {
    memory.write64(address + GPFN, value);
  }
}
