// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.virtioblk;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.xenolith.efi.boot.api.Protocol;
import org.xenolith.testkit.efi.BlockIoContract;
import org.xenolith.testkit.efi.FakeFirmware;

/** Blocks of a disk behind a queue. */
class VirtioBlockIoTest extends BlockIoContract {
  private record Disk(VirtioBlockLayerTest bench, long protocol) implements Medium {
    @Override
    public FakeFirmware firmware() {
      return bench.firmware;
    }

    @Override
    public byte[] bytes() {
      return bench.bytes;
    }
  }

  private static Medium connected(VirtioBlockLayerTest bench) {
    bench.layer.begin(bench.firmware);
    assertEquals(0, bench.firmware.connect(bench.layer, bench.device.handle()));
    return new Disk(bench, bench.firmware.handles().find(bench.device.handle(), Protocol.BLOCK_IO));
  }

  @Override
  protected Medium medium() {
    VirtioBlockLayerTest bench = new VirtioBlockLayerTest();
    bench.hardware();
    return connected(bench);
  }

  @Override
  protected Medium writeProtected() {
    VirtioBlockLayerTest bench = new VirtioBlockLayerTest();
    bench.hardware();
    bench.device.features(1L << 32 | VirtioBlockLayer.READ_ONLY);
    return connected(bench);
  }
}
