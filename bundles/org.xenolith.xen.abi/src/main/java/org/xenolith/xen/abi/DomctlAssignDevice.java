// SPDX-License-Identifier: EPL-2.0
package org.xenolith.xen.abi;

/** Argument of XEN_DOMCTL_assign_device and its kin ({@code struct xen_domctl_assign_device}). */
public final class DomctlAssignDevice extends AbiStruct {
  /** Bytes. */
  public static final int SIZE = 24;
  public static final int DEV = 0;
  public static final int FLAGS = 4;
  public static final int MACHINE_SBDF = 8;
  public static final int DT_SIZE = 8;
  public static final int DT_PATH = 16;

  public int dev() {
    return memory.read32(address + DEV);
  }

  public void dev(int value) {
    memory.write32(address + DEV, value);
  }

  public int flags() {
    return memory.read32(address + FLAGS);
  }

  public void flags(int value) {
    memory.write32(address + FLAGS, value);
  }

  public int machineSbdf() {
    return memory.read32(address + MACHINE_SBDF);
  }

  public void machineSbdf(int value) {
    memory.write32(address + MACHINE_SBDF, value);
  }

  public int dtSize() {
    return memory.read32(address + DT_SIZE);
  }

  public void dtSize(int value) {
    memory.write32(address + DT_SIZE, value);
  }

  public long dtPath() {
    return memory.read64(address + DT_PATH);
  }

  public void dtPath(long value) {
    memory.write64(address + DT_PATH, value);
  }
}
