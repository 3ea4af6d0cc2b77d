// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.xenpvblk;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Map;
import org.xenolith.efi.boot.api.Protocol;
import org.xenolith.testkit.efi.BlockIoContract;
import org.xenolith.testkit.efi.FakeFirmware;

/** Blocks of a back end, by indirect requests. */
class PvBlockIoTest extends BlockIoContract {
  private record Disk(PvBlockLayerTest bench, long protocol) implements Medium {
    @Override
    public FakeFirmware firmware() {
      return bench.firmware;
    }

    @Override
    public byte[] bytes() {
      return bench.back.bytes;
    }
  }

  private static Medium connected(PvBlockLayerTest bench) {
    bench.layer.begin(bench.firmware);
    assertEquals(0, bench.firmware.connect(bench.layer, bench.handle));
    return new Disk(bench, bench.firmware.handles().find(bench.handle, Protocol.BLOCK_IO));
  }

  @Override
  protected Medium medium() {
    PvBlockLayerTest bench = new PvBlockLayerTest();
    bench.hardware(PvBlockLayerTest.ALL);
    return connected(bench);
  }

  @Override
  protected Medium writeProtected() {
    PvBlockLayerTest bench = new PvBlockLayerTest();
    bench.hardware(Map.of("info", "4"));
    return connected(bench);
  }
}
