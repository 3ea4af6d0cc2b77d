// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.physdev;

import org.xenolith.hyp.api.HostBridgePort;
import org.xenolith.hyp.api.HostBridgesPort;
import org.xenolith.hyp.api.PciDevicesPort;
import org.xenolith.platform.api.AddressWindow;
import org.xenolith.xen.abi.XenErrno;
import org.xenolith.xen.abi.XenolithHostBridgeAdd;

/** Which bridge the hardware domain means by its windows: {@code include/xenolith_physdev.h}, and PHYSDEVOP_pci_mmcfg_reserved. */
final class HostBridgeAdd {
  /** {@code XENOLITH_PHYSDEVOP_pci_host_bridge_add}. */
  static final int NUMBER = 0x8000_0016;
  private static final int ECAM_BUS = 20;

  private final HostBridgesPort bridges;
  private final PciDevicesPort pci;

  HostBridgeAdd(HostBridgesPort bridges, PciDevicesPort pci) {
    this.bridges = bridges;
    this.pci = pci;
  }

  int call(XenolithHostBridgeAdd argument) {
    long base = argument.cfgBase();
    long size = argument.cfgSize();
    int first = argument.busStart();
    int buses = argument.busNr();
    if (argument.pad() != 0) {
      return -XenErrno.XEN_EINVAL;
    }
    for (HostBridgePort bridge : bridges.all()) {
      for (AddressWindow window : bridge.node().windows()) {
        if (window.base() == base && (size == 0 || size == window.size())) {
          if (!bridge.present()) {
            return -XenErrno.XEN_EOPNOTSUPP;
          }
          boolean same = bridge.segment() == argument.seg() && bridge.firstBus() == first
              && (buses == 0 || bridge.covers(first + buses - 1));
          if (same) {
            pci.ready(bridge);
          }
          return same ? 0 : -XenErrno.XEN_EINVAL;
        }
      }
    }
    return -XenErrno.XEN_ENODEV;
  }

  /**
   * A window of configuration space, as ACPI's table MCFG tells of it: the address is bus 0's, whether that is there or not. Trees
   * tell the first bus's.
   */
  int reserved(long address, int segment, int first) {
    for (HostBridgePort bridge : bridges.all()) {
      if (bridge.segment() == segment && bridge.covers(first)) {
        for (AddressWindow window : bridge.configuration()) {
          if (window.base() == address || window.base() == address + ((long) first << ECAM_BUS)) {
            pci.ready(bridge);
            return 0;
          }
        }
      }
    }
    return -XenErrno.XEN_ENODEV;
  }
}
