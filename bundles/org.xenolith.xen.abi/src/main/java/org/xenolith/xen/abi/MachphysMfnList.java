// SPDX-License-Identifier: EPL-2.0
package org.xenolith.xen.abi;

/** Argument of XENMEM_machphys_mfn_list ({@code struct xen_machphys_mfn_list}). */
public final class MachphysMfnList extends AbiStruct {
  /** Bytes. */
  public static final int SIZE = 24;
  public static final int MAX_EXTENTS = 0;
  public static final int EXTENT_START = 8;
  public static final int NR_EXTENTS = 16;

  public int maxExtents() {
    return memory.read32(address + MAX_EXTENTS);
  }

  public void maxExtents(int value) {
    memory.write32(address + MAX_EXTENTS, value);
  }

  public long extentStart() {
    return memory.read64(address + EXTENT_START);
  }

  public void extentStart(long value) {
    memory.write64(address + EXTENT_START, value);
  }

  public int nrExtents() {
    return memory.read32(address + NR_EXTENTS);
  }

  public void nrExtents(int value) {
    memory.write32(address + NR_EXTENTS, value);
  }
}
