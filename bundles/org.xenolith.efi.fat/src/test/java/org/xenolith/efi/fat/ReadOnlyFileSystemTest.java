// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.fat;

import java.util.Map;
import org.xenolith.efi.boot.api.Protocol;
import org.xenolith.testkit.efi.FakeFirmware;
import org.xenolith.testkit.efi.FatImage;

/** Files of a volume on a disk that can't be written. */
class ReadOnlyFileSystemTest extends FatFileSystemTest {
  @Override
  FatImage image() {
    return new FatImage(32, true);
  }

  @Override
  protected Mounted mounted(Map<String, byte[]> files) {
    Mounted mounted = super.mounted(files);
    FakeFirmware firmware = mounted.firmware();
    long disk = firmware.handles().handles(Protocol.BLOCK_IO).getFirst();
    long media = firmware.memory().get64(firmware.handles().find(disk, Protocol.BLOCK_IO) + 8);
    firmware.memory().put8(media + 7, 1);
    return mounted;
  }
}
