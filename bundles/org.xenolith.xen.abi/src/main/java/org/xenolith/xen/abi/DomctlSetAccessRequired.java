// SPDX-License-Identifier: EPL-2.0
package org.xenolith.xen.abi;

/** Argument of XEN_DOMCTL_set_access_required ({@code struct xen_domctl_set_access_required}). */
public final class DomctlSetAccessRequired extends AbiStruct {
  /** Bytes. */
  public static final int SIZE = 1;
  public static final int ACCESS_REQUIRED = 0;

  public int accessRequired() {
    return memory.read8(address + ACCESS_REQUIRED) & 0xff;
  }

  public void accessRequired(int value) {
    memory.write8(address + ACCESS_REQUIRED, (byte) value);
  }
}
