// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.scsi;

import org.xenolith.efi.api.EfiGuid;
import org.xenolith.efi.boot.api.Protocol;
import org.xenolith.efi.boot.kit.DriverLayer;
import org.xenolith.testkit.efi.DriverContract;
import org.xenolith.testkit.efi.FakeFirmware;

/** The bus of a host with units at several targets. */
class ScsiBusDriverTest extends DriverContract {
  private ScsiBusLayerTest bench;

  @Override
  protected DriverLayer layer() {
    return new ScsiBusLayer();
  }

  @Override
  protected EfiGuid managed() {
    return Protocol.EXT_SCSI_PASS_THRU;
  }

  @Override
  protected FakeFirmware firmware() {
    bench = new ScsiBusLayerTest();
    bench.hardware();
    return bench.firmware;
  }

  @Override
  protected long controller(FakeFirmware firmware) {
    return bench.controller;
  }

  @Override
  protected String outside() {
    return "pools " + bench.pools;
  }
}
