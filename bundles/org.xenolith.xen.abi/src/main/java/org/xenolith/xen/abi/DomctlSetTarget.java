// SPDX-License-Identifier: EPL-2.0
package org.xenolith.xen.abi;

/** Argument of XEN_DOMCTL_set_target ({@code struct xen_domctl_set_target}). */
public final class DomctlSetTarget extends AbiStruct {
  /** Bytes. */
  public static final int SIZE = 2;
  public static final int TARGET = 0;

  public int target() {
    return memory.read16(address + TARGET) & 0xffff;
  }

  public void target(int value) {
    memory.write16(address + TARGET, (short) value);
  }
}
