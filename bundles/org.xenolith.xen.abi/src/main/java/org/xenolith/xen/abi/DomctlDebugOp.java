// SPDX-License-Identifier: EPL-2.0
package org.xenolith.xen.abi;

/** Argument of XEN_DOMCTL_debug_op ({@code struct xen_domctl_debug_op}). */
public final class DomctlDebugOp extends AbiStruct {
  /** Bytes. */
  public static final int SIZE = 8;
  public static final int OP = 0;
  public static final int VCPU = 4;

  public int op() {
    return memory.read32(address + OP);
  }

  public void op(int value) {
    memory.write32(address + OP, value);
  }

  public int vcpu() {
    return memory.read32(address + VCPU);
  }

  public void vcpu(int value) {
    memory.write32(address + VCPU, value);
  }
}
