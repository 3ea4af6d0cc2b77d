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
  // Numbers of a call: bytes that are done, bytes of this step, room for a block, how many bytes are before what is wanted of it.
  private static final int DONE = 0;
  private static final int NOW = 1;
  private static final int ROOM = 2;
  private static final int BEFORE = 3;

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

  /** Steps: 0 the next piece; 1 a piece of whole blocks is done; 2 a block is read that is wanted in part, or is to be changed; 3 it is written. */
  private EfiStep transfer(Call call, boolean writes) {
    EfiRam memory = call.firmware().memory();
    long block = InterfaceNumbers.of(call, this, NUMBERS)[0];
    if (call.step() != 0 && call.result() < 0) {
      return EfiStep.done(call.result());
    }
    long buffer = call.argument(4) + call.get(DONE);
    if (call.step() == 2) {
      long at = call.get(ROOM) + call.get(BEFORE);
      int bytes = (int) call.get(NOW);
      if (writes) {
        memory.write(at, memory.read(buffer, bytes));
        return blocks(call, block, 3, BlockMedia.WRITE, call.get(ROOM), BlockMedia.blockSize(memory, block), call.argument(2) + call.get(
            DONE));
      }
      memory.write(buffer, memory.read(at, bytes));
    }
    if (call.step() != 0) {
      call.set(DONE, call.get(DONE) + call.get(NOW));
    }
    return next(call, block, writes);
  }

  private EfiStep next(Call call, long block, boolean writes) {
    EfiRam memory = call.firmware().memory();
    long blockSize = BlockMedia.blockSize(memory, block);
    long left = call.argument(3) - call.get(DONE);
    long position = call.argument(2) + call.get(DONE);
    if (left == 0) {
      return EfiStep.done();
    }
    if (left < 0 || call.argument(4) == 0 || position < 0 || blockSize == 0 || blockSize > MOST_BLOCK) {
      return EfiStep.done(EfiStatus.INVALID_PARAMETER);
    }
    long before = position % blockSize;
    long alignment = BlockMedia.alignment(memory, block);
    // Nobody aligns buffers for this protocol: those that the disk doesn't take are read and written block by block, in room of its own.
    boolean direct = Long.remainderUnsigned(call.argument(4) + call.get(DONE), alignment) == 0;
    if (before == 0 && left >= blockSize && direct) {
      call.set(NOW, left - left % blockSize);
      return blocks(call, block, 1, writes ? BlockMedia.WRITE : BlockMedia.READ, call.argument(4) + call.get(DONE), call.get(NOW),
          position);
    }
    if (call.get(ROOM) == 0) {
      call.set(ROOM, AlignedRoom.of(call, (int) blockSize, alignment));
    }
    call.set(BEFORE, before);
    call.set(NOW, Math.min(left, blockSize - before));
    return blocks(call, block, 2, BlockMedia.READ, call.get(ROOM), blockSize, position);
  }

  private static EfiStep blocks(Call call, long block, int next, int function, long buffer, long size, long position) {
    EfiRam memory = call.firmware().memory();
    return EfiStep.call(next, memory.get64(block + function), block, call.argument(1), position / BlockMedia.blockSize(memory, block), size,
        buffer);
  }
}
