// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.virtioblk;

import org.xenolith.efi.boot.api.EfiFunction;
import org.xenolith.efi.boot.api.Firmware;
import org.xenolith.efi.boot.api.EfiStep;
import org.xenolith.efi.boot.api.Protocol;
import org.xenolith.efi.boot.kit.BlockMedia;
import org.xenolith.efi.boot.kit.VirtioDriverLayer;
import org.xenolith.efi.boot.kit.VirtioField;

/** EFI_BLOCK_IO_PROTOCOL on virtio block devices (Virtio 1.2, 5.2). */
final class VirtioBlockLayer extends VirtioDriverLayer {
  static final int READ_ONLY = 1 << 5;
  static final int FLUSH = 1 << 9;
  private static final int BLOCK_DEVICE = 2;
  private static final int BLOCK_SIZE = 1 << 6;
  private static final int SECTOR = 512;
  private static final int MOST_BLOCK = 4096;

  private final Requests requests = new Requests(this);

  VirtioBlockLayer() {
    super(BLOCK_DEVICE, READ_ONLY | BLOCK_SIZE | FLUSH, Protocol.BLOCK_IO, new int[] {0}, VirtioField.of(0, 8), new VirtioField(20, 4,
        BLOCK_SIZE, SECTOR));
  }

  @Override
  public String name() {
    return "efi.virtioblk";
  }

  @Override
  public int version() {
    return 5;
  }

  @Override
  protected String title() {
    return "Virtio Block Driver";
  }

  @Override
  protected int size() {
    return BlockMedia.SIZE;
  }

  @Override
  protected int numbers() {
    return 0;
  }

  @Override
  protected boolean describe(Firmware firmware, long controller, long place, long[] values) {
    long sectors = values[0];
    long blockSize = values[1];
    if (blockSize < SECTOR || blockSize > MOST_BLOCK || Long.bitCount(blockSize) != 1 || sectors < blockSize / SECTOR) {
      return false;
    }
    boolean readOnly = (firmware.numbers(this, place)[FEATURES] & READ_ONLY) != 0;
    BlockMedia.write(firmware.memory(), place, 0, blockSize, sectors / (blockSize / SECTOR), false, readOnly);
    pointers(firmware, place + BlockMedia.FUNCTIONS, BlockMedia.functions());
    return true;
  }

  @Override
  protected EfiFunction offered(String name) {
    return switch (name) {
      case "Reset" -> call -> {
        interfaceNumbers(call);
        return EfiStep.done();
      };
      case "ReadBlocks" -> requests::read;
      case "WriteBlocks" -> requests::write;
      case "FlushBlocks" -> requests::flush;
      default -> null;
    };
  }
}
