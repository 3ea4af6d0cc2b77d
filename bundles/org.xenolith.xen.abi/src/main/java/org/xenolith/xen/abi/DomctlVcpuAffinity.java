// SPDX-License-Identifier: EPL-2.0
package org.xenolith.xen.abi;

/**
 * Argument of XEN_DOMCTL_setvcpuaffinity and XEN_DOMCTL_getvcpuaffinity with two {@link ControlBitmap} ({@code struct
 * xen_domctl_vcpuaffinity}).
 */
public final class DomctlVcpuAffinity extends AbiStruct {
  /** Bytes. */
  public static final int SIZE = 40;
  public static final int VCPU = 0;
  public static final int FLAGS = 4;
  public static final int CPUMAP_HARD = 8;
  public static final int CPUMAP_SOFT = 24;
  /** Bytes of {@code cpumap_hard}. */
  public static final int CPUMAP_HARD_BYTES = 16;
  /** Bytes of {@code cpumap_soft}. */
  public static final int CPUMAP_SOFT_BYTES = 16;

  public int vcpu() {
    return memory.read32(address + VCPU);
  }

  public void vcpu(int value) {
    memory.write32(address + VCPU, value);
  }

  public int flags() {
    return memory.read32(address + FLAGS);
  }

  public void flags(int value) {
    memory.write32(address + FLAGS, value);
  }
}
