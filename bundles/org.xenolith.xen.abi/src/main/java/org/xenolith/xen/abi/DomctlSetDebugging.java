// SPDX-License-Identifier: EPL-2.0
package org.xenolith.xen.abi;

/** Argument of XEN_DOMCTL_setdebugging ({@code struct xen_domctl_setdebugging}). */
public final class DomctlSetDebugging extends AbiStruct {
  /** Bytes. */
  public static final int SIZE = 1;
  public static final int ENABLE = 0;

  public int enable() {
    return memory.read8(address + ENABLE) & 0xff;
  }

  public void enable(int value) {
    memory.write8(address + ENABLE, (byte) value);
  }
}
