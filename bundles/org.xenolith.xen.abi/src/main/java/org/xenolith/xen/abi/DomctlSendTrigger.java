// SPDX-License-Identifier: EPL-2.0
package org.xenolith.xen.abi;

/** Argument of XEN_DOMCTL_sendtrigger ({@code struct xen_domctl_sendtrigger}). */
public final class DomctlSendTrigger extends AbiStruct {
  /** Bytes. */
  public static final int SIZE = 8;
  public static final int TRIGGER = 0;
  public static final int VCPU = 4;

  public int trigger() {
    return memory.read32(address + TRIGGER);
  }

  public void trigger(int value) {
    memory.write32(address + TRIGGER, value);
  }

  public int vcpu() {
    return memory.read32(address + VCPU);
  }

  public void vcpu(int value) {
    memory.write32(address + VCPU, value);
  }
}
