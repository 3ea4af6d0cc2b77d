// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.nvme;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.xenolith.efi.boot.api.Protocol;
import org.xenolith.testkit.efi.BlockIoContract;
import org.xenolith.testkit.efi.FakeFirmware;

/** Blocks of a namespace. */
class NvmeBlockIoTest extends BlockIoContract {
  private record Disk(NvmeBlockLayerTest bench, long protocol) implements Medium {
    @Override
    public FakeFirmware firmware() {
      return bench.firmware;
    }

    @Override
    public byte[] bytes() {
      return bench.nvme.bytes;
    }
  }

  private static Medium connected(NvmeBlockLayerTest bench) {
    bench.layer.begin(bench.firmware);
    assertEquals(0, bench.firmware.connect(bench.layer, bench.controller));
    return new Disk(bench, bench.firmware.handles().find(bench.firmware.handles().handles(Protocol.BLOCK_IO).getFirst(),
        Protocol.BLOCK_IO));
  }

  @Override
  protected Medium medium() {
    NvmeBlockLayerTest bench = new NvmeBlockLayerTest();
    bench.hardware();
    return connected(bench);
  }

  @Override
  protected Medium writeProtected() {
    return null;
  }
}
