// SPDX-License-Identifier: EPL-2.0
package org.xenolith.xen.abi;

/** Answer of XENMEM_machphys_mapping ({@code struct xen_machphys_mapping}). */
public final class MachphysMapping extends AbiStruct {
  /** Bytes. */
  public static final int SIZE = 24;
  public static final int V_START = 0;
  public static final int V_END = 8;
  public static final int MAX_MFN = 16;

  public long vStart() {
    return memory.read64(address + V_START);
  }

  public void vStart(long value) {
    memory.write64(address + V_START, value);
  }

  public long vEnd() {
    return memory.read64(address + V_END);
  }

  public void vEnd(long value) {
    memory.write64(address + V_END, value);
  }

  public long maxMfn() {
    return memory.read64(address + MAX_MFN);
  }

  public void maxMfn(long value) {
    memory.write64(address + MAX_MFN, value);
  }
}
