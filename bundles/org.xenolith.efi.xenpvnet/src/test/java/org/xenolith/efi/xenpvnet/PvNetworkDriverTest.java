// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.xenpvnet;

import org.xenolith.efi.api.EfiGuid;
import org.xenolith.efi.boot.api.Protocol;
import org.xenolith.efi.boot.kit.DriverLayer;
import org.xenolith.testkit.efi.DriverContract;
import org.xenolith.testkit.efi.FakeFirmware;

/** The front end, and a back end with an address. */
class PvNetworkDriverTest extends DriverContract {
  private PvNetworkLayerTest bench;

  @Override
  protected DriverLayer layer() {
    return new PvNetworkLayer();
  }

  @Override
  protected EfiGuid managed() {
    return Protocol.XEN_BUS;
  }

  @Override
  protected FakeFirmware firmware() {
    bench = new PvNetworkLayerTest();
    bench.hardware();
    return bench.firmware;
  }

  @Override
  protected long controller(FakeFirmware firmware) {
    return bench.handle;
  }

  @Override
  protected String outside() {
    return "granted " + bench.back.granted() + ", ports " + bench.back.ports() + ", state " + bench.back.store().getOrDefault("front/state",
        "1") + ", events " + bench.events;
  }
}
