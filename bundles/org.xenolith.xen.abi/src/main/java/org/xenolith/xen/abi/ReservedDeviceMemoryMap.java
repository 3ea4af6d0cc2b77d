// SPDX-License-Identifier: EPL-2.0
package org.xenolith.xen.abi;

/** Argument of XENMEM_reserved_device_memory_map ({@code struct xen_reserved_device_memory_map}). */
public final class ReservedDeviceMemoryMap extends AbiStruct {
  /** Bytes. */
  public static final int SIZE = 24;
  public static final int FLAGS = 0;
  public static final int NR_ENTRIES = 4;
  public static final int BUFFER = 8;
  public static final int PCI_SEG = 16;
  public static final int PCI_BUS = 18;
  public static final int PCI_DEVFN = 19;

  public int flags() {
    return memory.read32(address + FLAGS);
  }

  public void flags(int value) {
    memory.write32(address + FLAGS, value);
  }

  public int nrEntries() {
    return memory.read32(address + NR_ENTRIES);
  }

  public void nrEntries(int value) {
    memory.write32(address + NR_ENTRIES, value);
  }

  public long buffer() {
    return memory.read64(address + BUFFER);
  }

  public void buffer(long value) {
    memory.write64(address + BUFFER, value);
  }

  public int pciSeg() {
    return memory.read16(address + PCI_SEG) & 0xffff;
  }

  public void pciSeg(int value) {
    memory.write16(address + PCI_SEG, (short) value);
  }

  public int pciBus() {
    return memory.read8(address + PCI_BUS) & 0xff;
  }

  public void pciBus(int value) {
    memory.write8(address + PCI_BUS, (byte) value);
  }

  public int pciDevfn() {
    return memory.read8(address + PCI_DEVFN) & 0xff;
  }

  public void pciDevfn(int value) {
    memory.write8(address + PCI_DEVFN, (byte) value);
  }
}
