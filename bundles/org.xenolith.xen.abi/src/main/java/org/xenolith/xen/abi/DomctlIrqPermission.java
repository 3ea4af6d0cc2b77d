// SPDX-License-Identifier: EPL-2.0
package org.xenolith.xen.abi;

/** Argument of XEN_DOMCTL_irq_permission ({@code struct xen_domctl_irq_permission}). */
public final class DomctlIrqPermission extends AbiStruct {
  /** Bytes. */
  public static final int SIZE = 8;
  public static final int PIRQ = 0;
  public static final int ALLOW_ACCESS = 4;

  public int pirq() {
    return memory.read32(address + PIRQ);
  }

  public void pirq(int value) {
    memory.write32(address + PIRQ, value);
  }

  public int allowAccess() {
    return memory.read8(address + ALLOW_ACCESS) & 0xff;
  }

  public void allowAccess(int value) {
    memory.write8(address + ALLOW_ACCESS, (byte) value);
  }
}
