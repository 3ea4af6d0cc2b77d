// SPDX-License-Identifier: EPL-2.0
package org.xenolith.xen.abi;

/** Element of XEN_SYSCTL_getcpuinfo: idle time of a CPU in ns ({@code struct xen_sysctl_cpuinfo}). */
public final class CpuIdleTime extends AbiStruct {
  /** Bytes. */
  public static final int SIZE = 8;
  public static final int IDLETIME = 0;

  public long idletime() {
    return memory.read64(address + IDLETIME);
  }

  public void idletime(long value) {
    memory.write64(address + IDLETIME, value);
  }
}
