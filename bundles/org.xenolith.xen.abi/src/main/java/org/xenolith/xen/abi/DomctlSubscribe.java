// SPDX-License-Identifier: EPL-2.0
package org.xenolith.xen.abi;

/** Argument of XEN_DOMCTL_subscribe ({@code struct xen_domctl_subscribe}). */
public final class DomctlSubscribe extends AbiStruct {
  /** Bytes. */
  public static final int SIZE = 4;
  public static final int PORT = 0;

  public int port() {
    return memory.read32(address + PORT);
  }

  public void port(int value) {
    memory.write32(address + PORT, value);
  }
}
