// SPDX-License-Identifier: EPL-2.0
package org.xenolith.fuzz.devices;

import java.util.List;

/** fw_cfg: its registers, and requests by DMA. */
public final class FwCfgAttack extends DeviceAttack {
  @Override
  public String word() {
    return "fwcfg";
  }

  @Override
  public String says() {
    return "accesses of a guest without a hypervisor to fw_cfg: selectors, reads of the data of every size, requests by DMA to read, skip and"
        + " write anything anywhere, whole, by half addresses and where no memory is";
  }

  @Override
  public List<String> instrumented() {
    return List.of("org.xenolith.hw.fwcfg.**", "org.xenolith.firmware.api.FwCfgPort");
  }

  @Override
  DeviceBoard board(int world) {
    return FwCfgDriver.BOARD;
  }

  @Override
  Driver driver(int world) {
    return new FwCfgDriver();
  }
}
