// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.fat;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Map;
import org.xenolith.efi.boot.api.Protocol;
import org.xenolith.testkit.efi.FakeFirmware;
import org.xenolith.testkit.efi.FatImage;
import org.xenolith.testkit.efi.FileSystemContract;

/** Files of a volume with 16 bits, each in one piece. */
class FatFileSystemTest extends FileSystemContract {
  /** A volume without files. */
  FatImage image() {
    return new FatImage(16, false);
  }

  @Override
  protected Mounted mounted(Map<String, byte[]> files) {
    FatImage image = image();
    files.forEach(image::file);
    byte[] bytes = image.bytes();
    FatLayerTest bench = new FatLayerTest();
    bench.hardware(bytes);
    bench.layer.begin(bench.firmware);
    assertEquals(0, bench.firmware.connect(bench.layer, bench.disk.handle()));
    long system = bench.firmware.handles().find(bench.disk.handle(), Protocol.SIMPLE_FILE_SYSTEM);
    return new Mounted() {
      @Override
      public FakeFirmware firmware() {
        return bench.firmware;
      }

      @Override
      public long protocol() {
        return system;
      }

      @Override
      public byte[] bytes() {
        return bytes;
      }
    };
  }
}
