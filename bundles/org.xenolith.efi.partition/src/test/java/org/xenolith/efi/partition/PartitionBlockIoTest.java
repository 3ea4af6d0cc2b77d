// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.partition;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.xenolith.efi.boot.api.EfiStep;
import org.xenolith.efi.boot.api.Protocol;
import org.xenolith.fdt.Fdt;
import org.xenolith.fdt.FdtNode;
import org.xenolith.testkit.efi.BlockIoContract;
import org.xenolith.testkit.efi.FakeDisk;
import org.xenolith.testkit.efi.FakeFirmware;
import org.xenolith.testkit.efi.GptImage;

/** Blocks of a partition. Whatever is asked of it, the disk around it stays as it is. */
class PartitionBlockIoTest extends BlockIoContract {
  private static final int BLOCK = 512;
  private static final int BLOCKS = 100;

  /** A disk of which a test sees the partition's bytes: those of the disk are copied to and fro around each call. */
  private static final class Partition implements Medium {
    private final FakeFirmware firmware = new FakeFirmware(Fdt.of(new FdtNode("", List.of(), List.of())));
    private final byte[] bytes = new byte[BLOCK * BLOCKS];
    private final long protocol;

    Partition() {
      byte[] disk = GptImage.of(bytes);
      FakeDisk fake = new FakeDisk(firmware, disk, BLOCK);
      int at = (int) GptImage.FIRST * BLOCK;
      fake.around(() -> System.arraycopy(bytes, 0, disk, at, bytes.length), () -> System.arraycopy(disk, at, bytes, 0, bytes.length));
      long io = firmware.room(24);
      firmware.memory().put64(io + 8, firmware.guest(call -> {
        firmware.memory().write(call.argument(4), java.util.Arrays.copyOfRange(disk, (int) call.argument(2), (int) (call.argument(2) + call
            .argument(3))));
        return EfiStep.done();
      }));
      firmware.handles().install(fake.handle(), Protocol.DISK_IO, io);
      PartitionLayer layer = new PartitionLayer();
      layer.begin(firmware);
      assertEquals(0, firmware.connect(layer, fake.handle()));
      long child = firmware.handles().handles(Protocol.BLOCK_IO).stream().filter(handle -> handle != fake.handle()).findFirst()
          .orElseThrow();
      protocol = firmware.handles().find(child, Protocol.BLOCK_IO);
    }

    @Override
    public FakeFirmware firmware() {
      return firmware;
    }

    @Override
    public long protocol() {
      return protocol;
    }

    @Override
    public byte[] bytes() {
      return bytes;
    }
  }

  @Override
  protected Medium medium() {
    return new Partition();
  }

  @Override
  protected Medium writeProtected() {
    return null;
  }
}
