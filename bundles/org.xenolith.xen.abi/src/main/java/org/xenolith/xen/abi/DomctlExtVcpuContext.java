// SPDX-License-Identifier: EPL-2.0
package org.xenolith.xen.abi;

/**
 * Argument of XEN_DOMCTL_set_ext_vcpucontext and XEN_DOMCTL_get_ext_vcpucontext ({@code struct
 * xen_domctl_ext_vcpucontext}).
 */
public final class DomctlExtVcpuContext extends AbiStruct {
  /** Bytes. */
  public static final int SIZE = 8;
  public static final int VCPU = 0;
  public static final int CONTEXT_SIZE = 4;

  public int vcpu() {
    return memory.read32(address + VCPU);
  }

  public void vcpu(int value) {
    memory.write32(address + VCPU, value);
  }

  public int contextSize() {
    return memory.read32(address + CONTEXT_SIZE);
  }

  public void contextSize(int value) {
    memory.write32(address + CONTEXT_SIZE, value);
  }
}
