// SPDX-License-Identifier: EPL-2.0
package org.xenolith.xen.abi;

/** Argument of PHYSDEVOP_pci_device_add ({@code struct physdev_pci_device_add}). */
public final class PhysdevPciDeviceAdd extends AbiStruct {
  /** Bytes. */
  public static final int SIZE = 12;
  public static final int SEG = 0;
  public static final int BUS = 2;
  public static final int DEVFN = 3;
  public static final int FLAGS = 4;
  public static final int PHYSFN_BUS = 8;
  public static final int PHYSFN_DEVFN = 9;

  public int seg() {
    return memory.read16(address + SEG) & 0xffff;
  }

  public void seg(int value) {
    memory.write16(address + SEG, (short) value);
  }

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

  public int flags() {
    return memory.read32(address + FLAGS);
  }

  public void flags(int value) {
    memory.write32(address + FLAGS, value);
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
