// SPDX-License-Identifier: EPL-2.0
package org.xenolith.xen.abi;

/** Argument of PHYSDEVOP_pci_device_reset ({@code struct pci_device_reset}). */
public final class PciDeviceReset extends AbiStruct {
  /** Bytes. */
  public static final int SIZE = 8;
  public static final int DEV_SEG = 0;
  public static final int DEV_BUS = 2;
  public static final int DEV_DEVFN = 3;
  public static final int FLAGS = 4;

  public int devSeg() {
    return memory.read16(address + DEV_SEG) & 0xffff;
  }

  public void devSeg(int value) {
    memory.write16(address + DEV_SEG, (short) value);
  }

  public int devBus() {
    return memory.read8(address + DEV_BUS) & 0xff;
  }

  public void devBus(int value) {
    memory.write8(address + DEV_BUS, (byte) value);
  }

  public int devDevfn() {
    return memory.read8(address + DEV_DEVFN) & 0xff;
  }

  public void devDevfn(int value) {
    memory.write8(address + DEV_DEVFN, (byte) value);
  }

  public int flags() {
    return memory.read32(address + FLAGS);
  }

  public void flags(int value) {
    memory.write32(address + FLAGS, value);
  }
}
