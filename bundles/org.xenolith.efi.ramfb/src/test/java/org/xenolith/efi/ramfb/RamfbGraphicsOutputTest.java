// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.ramfb;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.xenolith.efi.boot.api.Protocol;
import org.xenolith.testkit.efi.FakeFirmware;
import org.xenolith.testkit.efi.GraphicsOutputContract;

/** The driver's protocol keeps the contract, on fw_cfg of a tree. */
class RamfbGraphicsOutputTest extends GraphicsOutputContract {
  @Override
  protected Display display() {
    GraphicsOutputLayerTest stand = new GraphicsOutputLayerTest();
    stand.begin();
    FakeFirmware firmware = stand.firmware;
    long handle = firmware.handles().handles(GraphicsOutputLayer.FW_CFG).getFirst();
    assertEquals(0, firmware.connect(stand.layer, handle));
    long protocol = firmware.handles().find(handle, Protocol.GRAPHICS_OUTPUT);
    return new Display() {
      @Override
      public FakeFirmware firmware() {
        return firmware;
      }

      @Override
      public long protocol() {
        return protocol;
      }

      @Override
      public void fails() {
        stand.breakDown();
      }
    };
  }
}
