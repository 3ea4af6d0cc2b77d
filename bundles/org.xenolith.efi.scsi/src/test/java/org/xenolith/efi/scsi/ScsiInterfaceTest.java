// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.scsi;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.xenolith.efi.boot.api.Protocol;
import org.xenolith.testkit.efi.InterfaceContract;

/** EFI_SCSI_IO_PROTOCOL. */
class ScsiInterfaceTest extends InterfaceContract {
  @Override
  protected Published published() {
    ScsiBusLayerTest bench = new ScsiBusLayerTest();
    bench.hardware();
    bench.layer.begin(bench.firmware);
    assertEquals(0, bench.firmware.connect(bench.layer, bench.controller));
    return Published.of(bench.firmware, bench.firmware.handles().find(bench.firmware.handles().handles(Protocol.SCSI_IO).getFirst(),
        Protocol.SCSI_IO), 64, 0, 5);
  }
}
