// SPDX-License-Identifier: EPL-2.0
package org.xenolith.xen.abi;

/** Argument of PHYSDEVOP_manage_pci_add and PHYSDEVOP_manage_pci_remove ({@code struct physdev_manage_pci}). */
public final class PhysdevManagePci extends AbiStruct {
  /** Bytes. */
  public static final int SIZE = 2;
  public static final int BUS = 0;
  public static final int DEVFN = 1;

  public int bus() {
    return memory.read8(address + BUS) & 0xff;
  }

  public void bus(int value) {
    memory.write8(address + BUS, (byte) value);
  }

  public int devfn() {
    return memory.read8(address + DEVFN) & 0xff;
  }

  public void devfn(int value) {
    memory.write8(address + DEVFN, (byte) value);
  }
}
