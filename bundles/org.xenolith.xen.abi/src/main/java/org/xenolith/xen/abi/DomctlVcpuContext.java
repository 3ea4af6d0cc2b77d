// SPDX-License-Identifier: EPL-2.0
package org.xenolith.xen.abi;

/** Argument of XEN_DOMCTL_setvcpucontext and XEN_DOMCTL_getvcpucontext ({@code struct xen_domctl_vcpucontext}). */
public final class DomctlVcpuContext extends AbiStruct {
  /** Bytes. */
  public static final int SIZE = 16;
  public static final int VCPU = 0;
  public static final int CTXT = 8;

  public int vcpu() {
    return memory.read32(address + VCPU);
  }

  public void vcpu(int value) {
    memory.write32(address + VCPU, value);
  }

  public long ctxt() {
    return memory.read64(address + CTXT);
  }

  public void ctxt(long value) {
    memory.write64(address + CTXT, value);
  }
}
