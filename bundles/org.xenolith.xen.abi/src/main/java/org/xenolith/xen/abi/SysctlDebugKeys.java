// SPDX-License-Identifier: EPL-2.0
package org.xenolith.xen.abi;

/** Argument of XEN_SYSCTL_debug_keys ({@code struct xen_sysctl_debug_keys}). */
public final class SysctlDebugKeys extends AbiStruct {
  /** Bytes. */
  public static final int SIZE = 16;
  public static final int KEYS = 0;
  public static final int NR_KEYS = 8;

  public long keys() {
    return memory.read64(address + KEYS);
  }

  public void keys(long value) {
    memory.write64(address + KEYS, value);
  }

  public int nrKeys() {
    return memory.read32(address + NR_KEYS);
  }

  public void nrKeys(int value) {
    memory.write32(address + NR_KEYS, value);
  }
}
