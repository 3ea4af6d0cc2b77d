// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.fat;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.xenolith.efi.boot.api.Protocol;
import org.xenolith.testkit.efi.FakeFirmware;
import org.xenolith.testkit.efi.FatImage;
import org.xenolith.testkit.efi.InterfaceContract;

/** EFI_FILE_PROTOCOL, but for Close and Delete, after which there is no file. */
class FileInterfaceTest extends InterfaceContract {
  @Override
  protected Published published() {
    FatLayerTest bench = new FatLayerTest();
    bench.hardware(new FatImage(16, false).file("a", new byte[] {1}).bytes());
    bench.layer.begin(bench.firmware);
    assertEquals(0, bench.firmware.connect(bench.layer, bench.disk.handle()));
    FakeFirmware firmware = bench.firmware;
    long system = firmware.handles().find(bench.disk.handle(), Protocol.SIMPLE_FILE_SYSTEM);
    long room = firmware.room(8);
    assertEquals(0, firmware.call(firmware.memory().get64(system + 8), system, room));
    return new Published(firmware, firmware.memory().get64(room), 88, List.of(8, 32, 40, 48, 56, 64, 72, 80));
  }
}
