// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.xenpvblk;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Map;
import org.xenolith.efi.boot.api.Protocol;
import org.xenolith.testkit.efi.EraseBlockContract;
import org.xenolith.testkit.efi.FakeFirmware;

/** Blocks of a back end that discards. */
class PvEraseBlockTest extends EraseBlockContract {
  private record Disk(PvBlockLayerTest bench, long protocol, long blocks) implements Medium {
    @Override
    public FakeFirmware firmware() {
      return bench.firmware;
    }

    @Override
    public byte[] bytes() {
      return bench.back.bytes;
    }

    @Override
    public void refuses(boolean now) {
      bench.back.lie = now ? BackEnd.Lie.STATUS : BackEnd.Lie.NONE;
    }
  }

  private static Medium with(Map<String, String> can) {
    PvBlockLayerTest bench = new PvBlockLayerTest();
    bench.hardware(can);
    bench.layer.begin(bench.firmware);
    assertEquals(0, bench.firmware.connect(bench.layer, bench.handle));
    return new Disk(bench, bench.firmware.handles().find(bench.handle, PvBlockLayer.ERASE_BLOCK), bench.firmware.handles().find(
        bench.handle, Protocol.BLOCK_IO));
  }

  @Override
  protected Medium medium() {
    return with(PvBlockLayerTest.ALL);
  }

  @Override
  protected Medium writeProtected() {
    return with(Map.of("feature-discard", "1", "info", "4"));
  }
}
