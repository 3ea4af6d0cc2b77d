// SPDX-License-Identifier: EPL-2.0
package org.xenolith.xen.abi;

/** Argument of PHYSDEVOP_manage_pci_add_ext ({@code struct physdev_manage_pci_ext}). */
public final class PhysdevManagePciExt extends AbiStruct {
  /** Bytes. */
  public static final int SIZE = 16;
  public static final int BUS = 0;
  public static final int DEVFN = 1;
  public static final int IS_EXTFN = 4;
  public static final int IS_VIRTFN = 8;
  public static final int PHYSFN_BUS = 12;
  public static final int PHYSFN_DEVFN = 13;

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

  public int isExtfn() { return memory.read32(address + IS_EXTFN); }

  public void isExtfn(int value) {
    memory.write32(address + IS_EXTFN, value);
  }

  public int isVirtfn() { return memory.read32(address + IS_VIRTFN); }

  public void isVirtfn(int value) {
    memory.write32(address + IS_VIRTFN, value);
  }

  public int physfnBus() {
    return memory.read8(address + PHYSFN_BUS) & 0xff;
  }

  public void physfnBus(int value) {
    memory.write8(address + PHYSFN_BUS, (byte) value);
  }

  public int physfnDevfn() {
    return memory.read8(address + PHYSFN_DEVFN) & 0xff;
  }

  public void physfnDevfn(int value) {
    memory.write8(address + PHYSFN_DEVFN, (byte) value);
  }
}
