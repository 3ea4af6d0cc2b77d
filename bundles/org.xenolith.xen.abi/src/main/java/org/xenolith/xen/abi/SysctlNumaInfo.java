// SPDX-License-Identifier: EPL-2.0
package org.xenolith.xen.abi;

/** Argument of XEN_SYSCTL_numainfo ({@code struct xen_sysctl_numainfo}). */
public final class SysctlNumaInfo extends AbiStruct {
  /** Bytes. */
  public static final int SIZE = 24;
  public static final int NUM_NODES = 0;
  public static final int MEMINFO = 8;
  public static final int DISTANCE = 16;

  public int numNodes() {
    return memory.read32(address + NUM_NODES);
  }

  public void numNodes(int value) {
    memory.write32(address + NUM_NODES, value);
  }

  public long meminfo() {
    return memory.read64(address + MEMINFO);
  }

  public void meminfo(long value) {
    memory.write64(address + MEMINFO, value);
  }

  public long distance() {
    return memory.read64(address + DISTANCE);
  }

  public void distance(long value) {
    memory.write64(address + DISTANCE, value);
  }
}
