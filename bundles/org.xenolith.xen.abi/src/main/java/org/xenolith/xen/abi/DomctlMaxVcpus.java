// SPDX-License-Identifier: EPL-2.0
package org.xenolith.xen.abi;

/** Argument of XEN_DOMCTL_max_vcpus ({@code struct xen_domctl_max_vcpus}). */
public final class DomctlMaxVcpus extends AbiStruct {
  /** Bytes. */
  public static final int SIZE = 4;
  public static final int MAX = 0;

  public int max() {
    return memory.read32(address + MAX);
  }

  public void max(int value) {
    memory.write32(address + MAX, value);
  }
}
