// SPDX-License-Identifier: EPL-2.0
package org.xenolith.xen.abi;

/** Argument of XEN_DOMCTL_get_device_group ({@code struct xen_domctl_get_device_group}). */
public final class DomctlGetDeviceGroup extends AbiStruct {
  /** Bytes. */
  public static final int SIZE = 24;
  public static final int MACHINE_SBDF = 0;
  public static final int MAX_SDEVS = 4;
  public static final int NUM_SDEVS = 8;
  public static final int SDEV_ARRAY = 16;

  public int machineSbdf() {
    return memory.read32(address + MACHINE_SBDF);
  }

  public void machineSbdf(int value) {
    memory.write32(address + MACHINE_SBDF, value);
  }

  public int maxSdevs() {
    return memory.read32(address + MAX_SDEVS);
  }

  public void maxSdevs(int value) {
    memory.write32(address + MAX_SDEVS, value);
  }

  public int numSdevs() {
    return memory.read32(address + NUM_SDEVS);
  }

  public void numSdevs(int value) {
    memory.write32(address + NUM_SDEVS, value);
  }

  public long sdevArray() {
    return memory.read64(address + SDEV_ARRAY);
  }

  public void sdevArray(long value) {
    memory.write64(address + SDEV_ARRAY, value);
  }
}
