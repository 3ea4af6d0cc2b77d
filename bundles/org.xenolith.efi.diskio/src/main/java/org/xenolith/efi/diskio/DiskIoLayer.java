// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.diskio;

import org.xenolith.efi.api.EfiGuid;
import org.xenolith.efi.api.EfiStatus;
import org.xenolith.efi.boot.api.Call;
import org.xenolith.efi.boot.api.EfiFunction;
import org.xenolith.efi.boot.api.Firmware;
import org.xenolith.efi.boot.api.EfiRam;
import org.xenolith.efi.boot.api.Protocol;
import org.xenolith.efi.boot.api.EfiStep;
import org.xenolith.efi.boot.kit.AlignedRoom;
import org.xenolith.efi.boot.kit.BlockMedia;
import org.xenolith.efi.boot.kit.DriverLayer;
import org.xenolith.efi.boot.kit.InterfaceNumbers;

/**
 * EFI_DISK_IO_PROTOCOL (UEFI 2.10, 13.7) on EFI_BLOCK_IO_PROTOCOL: whole blocks go straight to or from the caller's buffer, parts of a block by way of the
 * stack.
 */
final class DiskIoLayer extends DriverLayer {
  /** Numbers of an interface. */
  private static final int NUMBERS = 1;
  private static final int SIZE = 24;
  private static final long REVISION = 0x1_0000;
  private static final int MOST_BLOCK = 8192;
  /** Numbers of a call: bytes that are done, bytes of this step, memory for a block, how many bytes are before what is wanted of it. */
  private enum Slot {
    DONE, NOW, ROOM, BEFORE
  }

  @Override
  public String name() {
    return "efi.diskio";
  }

  @Override
  public int version() {
    return 2;
  }

  @Override
  protected String title() {
    return "Generic Disk I/O Driver";
  }

  @Override
  public EfiGuid managed() {
    return Protocol.BLOCK_IO;
  }

  @Override
  protected EfiStep supported(Call call, long driver, long controller, long remaining) {
    long block = tryOpen(call, driver, controller, Protocol.BLOCK_IO);
    return EfiStep.done(BlockMedia.blockSize(call.firmware().memory(), block) <= MOST_BLOCK ? EfiStatus.SUCCESS : EfiStatus.UNSUPPORTED);
  }

  @Override
  protected EfiStep start(Call call, long driver, long controller, long remaining) {
    Firmware firmware = call.firmware();
    long block = open(call, driver, controller, Protocol.BLOCK_IO);
    long disk = firmware.interfaceMemory(this, SIZE, NUMBERS);
    firmware.numbers(this, disk)[0] = block;
    firmware.memory().put64(disk, REVISION);
    pointers(firmware, disk + 8, "ReadDisk", "WriteDisk");
    firmware.handles().install(controller, Protocol.DISK_IO, disk);
    return EfiStep.done();
  }

  @Override
  protected EfiStep stop(Call call, long driver, long controller, long[] children) {
    return leave(call, driver, controller, Protocol.BLOCK_IO, Protocol.DISK_IO);
  }

  @Override
  protected EfiFunction other(String name) {
    return switch (name) {
      case "ReadDisk" -> call -> transfer(call, false);
      case "WriteDisk" -> call -> transfer(call, true);
      default -> null;
    };
  }

  private enum Step {
    BEGIN,
    /** A piece of whole blocks is done. */
    BLOCKS_DONE,
    /** A block is read that is wanted in part, or is to be changed. */
    BLOCK_READ,
    /** It is written. */
    BLOCK_WRITTEN
  }

  private EfiStep transfer(Call call, boolean writes) {
    EfiRam memory = call.firmware().memory();
    long block = InterfaceNumbers.of(call, this, NUMBERS)[0];
    if (!call.isAt(Step.BEGIN) && call.result() < 0) {
      return EfiStep.done(call.result());
    }
    long buffer = call.argument(4) + call.get(Slot.DONE);
    if (call.isAt(Step.BLOCK_READ)) {
      long at = call.get(Slot.ROOM) + call.get(Slot.BEFORE);
      int bytes = (int) call.get(Slot.NOW);
      if (writes) {
        memory.write(at, memory.read(buffer, bytes));
        return blocks(call, block, Step.BLOCK_WRITTEN, BlockMedia.WRITE, call.get(Slot.ROOM), BlockMedia.blockSize(memory, block), call
            .argument(2) + call.get(Slot.DONE));
      }
      memory.write(buffer, memory.read(at, bytes));
    }
    if (!call.isAt(Step.BEGIN)) {
      call.set(Slot.DONE, call.get(Slot.DONE) + call.get(Slot.NOW));
    }
    return next(call, block, writes);
  }

  private EfiStep next(Call call, long block, boolean writes) {
    EfiRam memory = call.firmware().memory();
    long blockSize = BlockMedia.blockSize(memory, block);
    long left = call.argument(3) - call.get(Slot.DONE);
    long position = call.argument(2) + call.get(Slot.DONE);
    if (left == 0) {
      return EfiStep.done();
    }
    if (left < 0 || call.argument(4) == 0 || position < 0 || blockSize == 0 || blockSize > MOST_BLOCK) {
      return EfiStep.done(EfiStatus.INVALID_PARAMETER);
    }
    long before = position % blockSize;
    long alignment = BlockMedia.alignment(memory, block);
    // Nobody aligns buffers for this protocol: those that the disk doesn't take are read and written block by block, in room of its own.
    boolean direct = Long.remainderUnsigned(call.argument(4) + call.get(Slot.DONE), alignment) == 0;
    if (before == 0 && left >= blockSize && direct) {
      call.set(Slot.NOW, left - left % blockSize);
      return blocks(call, block, Step.BLOCKS_DONE, writes ? BlockMedia.WRITE : BlockMedia.READ, call.argument(4) + call.get(Slot.DONE), call
          .get(Slot.NOW),
          position);
    }
    if (call.get(Slot.ROOM) == 0) {
      call.set(Slot.ROOM, AlignedRoom.of(call, (int) blockSize, alignment));
    }
    call.set(Slot.BEFORE, before);
    call.set(Slot.NOW, Math.min(left, blockSize - before));
    return blocks(call, block, Step.BLOCK_READ, BlockMedia.READ, call.get(Slot.ROOM), blockSize, position);
  }

  private static EfiStep blocks(Call call, long block, Step next, int function, long buffer, long size, long position) {
    EfiRam memory = call.firmware().memory();
    return EfiStep.call(next, memory.get64(block + function), block, call.argument(1), position / BlockMedia.blockSize(memory, block), size,
        buffer);
  }
}
