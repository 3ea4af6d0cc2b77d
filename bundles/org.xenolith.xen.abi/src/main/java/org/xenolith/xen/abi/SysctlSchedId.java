// SPDX-License-Identifier: EPL-2.0
package org.xenolith.xen.abi;

/** Answer of XEN_SYSCTL_sched_id ({@code struct xen_sysctl_sched_id}). */
public final class SysctlSchedId extends AbiStruct {
  /** Bytes. */
  public static final int SIZE = 4;
  public static final int SCHED_ID = 0;

  public int schedId() {
    return memory.read32(address + SCHED_ID);
  }

  public void schedId(int value) {
    memory.write32(address + SCHED_ID, value);
  }
}
