// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.scsidisk;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.xenolith.efi.boot.api.Protocol;
import org.xenolith.testkit.efi.BlockIoContract;
import org.xenolith.testkit.efi.FakeFirmware;

/** Blocks of a unit. */
class ScsiBlockIoTest extends BlockIoContract {
  private record Disk(ScsiDiskLayerTest bench, long protocol) implements Medium {
    @Override
    public FakeFirmware firmware() {
      return bench.firmware;
    }

    @Override
    public byte[] bytes() {
      return bench.bytes;
    }
  }

  private static Medium connected(ScsiDiskLayerTest bench) {
    bench.layer.begin(bench.firmware);
    assertEquals(0, bench.firmware.connect(bench.layer, bench.controller));
    return new Disk(bench, bench.firmware.handles().find(bench.controller, Protocol.BLOCK_IO));
  }

  @Override
  protected Medium medium() {
    ScsiDiskLayerTest bench = new ScsiDiskLayerTest();
    bench.hardware();
    return connected(bench);
  }

  @Override
  protected Medium writeProtected() {
    ScsiDiskLayerTest bench = new ScsiDiskLayerTest();
    bench.hardware();
    bench.isProtected = true;
    return connected(bench);
  }
}
