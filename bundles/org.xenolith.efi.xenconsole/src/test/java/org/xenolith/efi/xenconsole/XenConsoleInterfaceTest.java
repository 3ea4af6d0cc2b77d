// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.xenconsole;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.xenolith.efi.boot.api.Protocol;
import org.xenolith.testkit.efi.InterfaceContract;

/** EFI_SERIAL_IO_PROTOCOL. */
class XenConsoleInterfaceTest extends InterfaceContract {
  @Override
  protected Published published() {
    XenConsoleLayerTest bench = new XenConsoleLayerTest();
    bench.hardware();
    bench.layer.begin(bench.firmware);
    assertEquals(0, bench.firmware.connect(bench.layer, bench.firmware.handles().handles(XenConsoleLayer.CONSOLE).getFirst()));
    return Published.of(bench.firmware, bench.firmware.handles().find(bench.firmware.handles().handles(XenConsoleLayer.CONSOLE).getFirst(),
        Protocol.SERIAL_IO), 104, 8, 6);
  }
}
