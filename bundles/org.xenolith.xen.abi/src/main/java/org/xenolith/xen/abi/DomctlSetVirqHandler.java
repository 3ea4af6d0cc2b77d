// SPDX-License-Identifier: EPL-2.0
package org.xenolith.xen.abi;

/** Argument of XEN_DOMCTL_set_virq_handler ({@code struct xen_domctl_set_virq_handler}). */
public final class DomctlSetVirqHandler extends AbiStruct {
  /** Bytes. */
  public static final int SIZE = 4;
  public static final int VIRQ = 0;

  public int virq() {
    return memory.read32(address + VIRQ);
  }

  public void virq(int value) {
    memory.write32(address + VIRQ, value);
  }
}
