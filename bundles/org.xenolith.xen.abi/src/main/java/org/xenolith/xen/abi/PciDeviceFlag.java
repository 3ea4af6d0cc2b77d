// SPDX-License-Identifier: EPL-2.0
package org.xenolith.xen.abi;

/** Flags of PCI functions that are told of, and kinds of their resets ({@code physdev.h}). Names as there. */
public final class PciDeviceFlag {
  public static final int XEN_PCI_DEV_EXTFN = 1;
  public static final int XEN_PCI_DEV_VIRTFN = 2;
  public static final int XEN_PCI_DEV_PXM = 4;
  public static final int PCI_DEVICE_RESET_COLD = 0;
  public static final int PCI_DEVICE_RESET_WARM = 1;
  public static final int PCI_DEVICE_RESET_HOT = 2;
  public static final int PCI_DEVICE_RESET_FLR = 3;

  private PciDeviceFlag() {
  }
}
