// SPDX-License-Identifier: EPL-2.0
package org.xenolith.xen.abi;

/**
 * Argument of XEN_DOMCTL_set_address_size and XEN_DOMCTL_get_address_size; {@code size} is in bits ({@code struct
 * xen_domctl_address_size}).
 */
public final class DomctlAddressSize extends AbiStruct {
  /** Bytes. */
  public static final int SIZE = 4;
  public static final int BITS = 0;

  public int bits() {
    return memory.read32(address + BITS);
  }

  public void bits(int value) {
    memory.write32(address + BITS, value);
  }
}
