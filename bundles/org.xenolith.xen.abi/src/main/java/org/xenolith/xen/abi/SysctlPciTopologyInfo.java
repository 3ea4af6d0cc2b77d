// SPDX-License-Identifier: EPL-2.0
package org.xenolith.xen.abi;

/** Argument of XEN_SYSCTL_pcitopoinfo ({@code struct xen_sysctl_pcitopoinfo}). */
public final class SysctlPciTopologyInfo extends AbiStruct {
  /** Bytes. */
  public static final int SIZE = 24;
  public static final int NUM_DEVS = 0;
  public static final int DEVS = 8;
  public static final int NODES = 16;

  public int numDevs() {
    return memory.read32(address + NUM_DEVS);
  }

  public void numDevs(int value) {
    memory.write32(address + NUM_DEVS, value);
  }

  public long devs() {
    return memory.read64(address + DEVS);
  }

  public void devs(long value) {
    memory.write64(address + DEVS, value);
  }

  public long nodes() {
    return memory.read64(address + NODES);
  }

  public void nodes(long value) {
    memory.write64(address + NODES, value);
  }
}
