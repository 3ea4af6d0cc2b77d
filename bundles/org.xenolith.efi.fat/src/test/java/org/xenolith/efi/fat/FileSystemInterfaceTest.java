// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.fat;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.xenolith.efi.boot.api.Protocol;
import org.xenolith.testkit.efi.FatImage;
import org.xenolith.testkit.efi.InterfaceContract;

/** EFI_SIMPLE_FILE_SYSTEM_PROTOCOL. */
class FileSystemInterfaceTest extends InterfaceContract {
  @Override
  protected Published published() {
    FatLayerTest bench = new FatLayerTest();
    bench.hardware(new FatImage(16, false).file("a", new byte[] {1}).bytes());
    bench.layer.begin(bench.firmware);
    assertEquals(0, bench.firmware.connect(bench.layer, bench.disk.handle()));
    return Published.of(bench.firmware, bench.firmware.handles().find(bench.disk.handle(), Protocol.SIMPLE_FILE_SYSTEM), 16, 8, 1);
  }
}
