// SPDX-License-Identifier: EPL-2.0
package org.xenolith.xen.abi;

/** Argument of PHYSDEVOP_pci_mmcfg_reserved ({@code struct physdev_pci_mmcfg_reserved}). */
public final class PhysdevPciMmcfgReserved extends AbiStruct {
  /** Bytes. */
  public static final int SIZE = 16;
  public static final int ADDRESS = 0;
  public static final int SEGMENT = 8;
  public static final int START_BUS = 10;
  public static final int END_BUS = 11;
  public static final int FLAGS = 12;

  public long address() {
    return memory.read64(address + ADDRESS);
  }

  public void address(long value) {
    memory.write64(address + ADDRESS, value);
  }

  public int segment() {
    return memory.read16(address + SEGMENT) & 0xffff;
  }

  public void segment(int value) {
    memory.write16(address + SEGMENT, (short) value);
  }

  public int startBus() {
    return memory.read8(address + START_BUS) & 0xff;
  }

  public void startBus(int value) {
    memory.write8(address + START_BUS, (byte) value);
  }

  public int endBus() {
    return memory.read8(address + END_BUS) & 0xff;
  }

  public void endBus(int value) {
    memory.write8(address + END_BUS, (byte) value);
  }

  public int flags() {
    return memory.read32(address + FLAGS);
  }

  public void flags(int value) {
    memory.write32(address + FLAGS, value);
  }
}
