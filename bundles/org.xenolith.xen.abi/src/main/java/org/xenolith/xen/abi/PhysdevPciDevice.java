// SPDX-License-Identifier: EPL-2.0
package org.xenolith.xen.abi;

/** Argument of PHYSDEVOP_pci_device_remove ({@code struct physdev_pci_device}). */
public final class PhysdevPciDevice extends AbiStruct {
  /** Bytes. */
  public static final int SIZE = 4;
  public static final int SEG = 0;
  public static final int BUS = 2;
  public static final int DEVFN = 3;

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
}
