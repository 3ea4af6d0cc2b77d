// SPDX-License-Identifier: EPL-2.0
package org.xenolith.xen.abi;

/** Element of XEN_SYSCTL_cputopoinfo ({@code struct xen_sysctl_cputopo}). */
public final class CpuTopology extends AbiStruct {
  /** Bytes. */
  public static final int SIZE = 12;
  public static final int CORE = 0;
  public static final int SOCKET = 4;
  public static final int NODE = 8;

  public int core() {
    return memory.read32(address + CORE);
  }

  public void core(int value) {
    memory.write32(address + CORE, value);
  }

  public int socket() {
    return memory.read32(address + SOCKET);
  }

  public void socket(int value) {
    memory.write32(address + SOCKET, value);
  }

  public int node() {
    return memory.read32(address + NODE);
  }

  public void node(int value) {
    memory.write32(address + NODE, value);
  }
}
