// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.ramfb;

import org.xenolith.efi.api.EfiGuid;
import org.xenolith.efi.boot.kit.DriverLayer;
import org.xenolith.testkit.efi.DriverContract;
import org.xenolith.testkit.efi.FakeFirmware;

/** The driver on fw_cfg of a tree. */
class GraphicsOutputDriverTest extends DriverContract {
  private GraphicsOutputLayerTest stand = new GraphicsOutputLayerTest();

  @Override
  protected DriverLayer layer() {
    return new GraphicsOutputLayer();
  }

  @Override
  protected EfiGuid managed() {
    return GraphicsOutputLayer.FW_CFG;
  }

  @Override
  protected FakeFirmware firmware() {
    stand = new GraphicsOutputLayerTest();
    stand.plugIn();
    return stand.firmware;
  }

  @Override
  protected long controller(FakeFirmware firmware) {
    return firmware.handles().handles(GraphicsOutputLayer.FW_CFG).getFirst();
  }

  /** The frame buffer. */
  @Override
  protected String outside() {
    return stand.pages.size() + " frame buffers";
  }
}
