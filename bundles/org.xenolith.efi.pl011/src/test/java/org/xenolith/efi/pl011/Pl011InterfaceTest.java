// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.pl011;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.xenolith.efi.boot.api.Protocol;
import org.xenolith.testkit.efi.InterfaceContract;

/** EFI_SERIAL_IO_PROTOCOL. */
class Pl011InterfaceTest extends InterfaceContract {
  @Override
  protected Published published() {
    Pl011SerialLayerTest bench = new Pl011SerialLayerTest();

    bench.layer.begin(bench.firmware);
    assertEquals(0, bench.firmware.connect(bench.layer, bench.firmware.handles().handles(Pl011SerialLayer.PL011).getFirst()));
    return Published.of(bench.firmware, bench.firmware.handles().find(bench.firmware.handles().handles(Pl011SerialLayer.PL011).getFirst(),
        Protocol.SERIAL_IO), 104, 8, 6);
  }
}
