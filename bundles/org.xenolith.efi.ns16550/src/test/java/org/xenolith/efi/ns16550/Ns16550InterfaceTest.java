// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.ns16550;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.xenolith.efi.boot.api.Protocol;
import org.xenolith.testkit.efi.FakeFirmware;
import org.xenolith.testkit.efi.InterfaceContract;

/** EFI_SERIAL_IO_PROTOCOL. */
class Ns16550InterfaceTest extends InterfaceContract {
  @Override
  protected Published published() {
    FakeFirmware firmware = Ns16550SerialLayerTest.firmware(Ns16550SerialLayerTest.uart());
    Ns16550SerialLayer layer = new Ns16550SerialLayer();
    layer.begin(firmware);
    assertEquals(0, firmware.connect(layer, firmware.handles().handles(Ns16550SerialLayer.NS16550).getFirst()));
    return Published.of(firmware, firmware.handles().find(firmware.handles().handles(Ns16550SerialLayer.NS16550).getFirst(),
        Protocol.SERIAL_IO), 104, 8, 6);
  }
}
