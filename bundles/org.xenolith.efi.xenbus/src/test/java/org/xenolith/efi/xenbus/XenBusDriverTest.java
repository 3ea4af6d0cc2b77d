// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.xenbus;

import org.xenolith.efi.api.EfiGuid;
import org.xenolith.efi.boot.api.Protocol;
import org.xenolith.efi.boot.kit.DriverLayer;
import org.xenolith.testkit.efi.DriverContract;
import org.xenolith.testkit.efi.FakeFirmware;

/** The bus of a domain whose store and grant table are the test's. */
class XenBusDriverTest extends DriverContract {
  private XenBusLayerTest bench;

  @Override
  protected DriverLayer layer() {
    return new XenBusLayer(false);
  }

  @Override
  protected EfiGuid managed() {
    return Protocol.XEN_IO;
  }

  @Override
  protected FakeFirmware firmware() {
    bench = new XenBusLayerTest();
    bench.hardware();
    return bench.firmware;
  }

  @Override
  protected long controller(FakeFirmware firmware) {
    return bench.controller;
  }

  @Override
  protected String outside() {
    return bench.outside();
  }
}
