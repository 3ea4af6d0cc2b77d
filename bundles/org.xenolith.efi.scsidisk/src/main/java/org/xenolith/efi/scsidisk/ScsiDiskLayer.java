// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.scsidisk;

import org.xenolith.efi.api.EfiGuid;
import org.xenolith.efi.api.EfiStatus;
import org.xenolith.efi.boot.api.Call;
import org.xenolith.efi.boot.api.EfiFunction;
import org.xenolith.efi.boot.api.EfiRam;
import org.xenolith.efi.boot.api.EfiStep;
import org.xenolith.efi.boot.api.Firmware;
import org.xenolith.efi.boot.api.Protocol;
import org.xenolith.efi.boot.kit.AlignedRoom;
import org.xenolith.efi.boot.kit.BlockMedia;
import org.xenolith.efi.boot.kit.DriverLayer;
import org.xenolith.efi.boot.kit.ScsiPacket;

/** EFI_BLOCK_IO_PROTOCOL on SCSI disks and CD-ROM drives (SBC-4, MMC-6), by EFI_SCSI_IO_PROTOCOL. */
final class ScsiDiskLayer extends DriverLayer {
  /** Number of the interface: the unit's protocol. */
  static final int UNIT = 0;
  /** Sense key and additional sense code of the command that was refused last, the key above 8 bits. */
  static final int SENSE = 1;
  /** Whether the last transfer was refused. */
  static final int REFUSED = 2;
  /** At multiples of what the unit wants its buffers. */
  static final int ALIGNMENT = 3;
  static final int NUMBERS = 4;
  /** In the unit's protocol. */
  private static final int UNIT_ALIGNMENT = 40;
  private static final int DISK = 0;
  private static final int CD_ROM = 5;
  private static final int LEAST_BLOCK = 512;
  private static final int MOST_BLOCK = 4096;
  private static final long TOO_LARGE = 0xFFFF_FFFFL;
  private static final int WRITE_PROTECTED = 0x80;
  /** Header of the answer to MODE SENSE(6). */
  private static final int MODE_SIZE = 4;
  private static final int CAPACITY_SIZE = 8;
  private static final int LONG_CAPACITY_SIZE = 32;
  // Numbers of Start.
  private static final int BLOCK = 0;
  private static final int ROOM = 1;
  private static final int KIND = 2;
  private static final int LAST = 3;
  private static final int BLOCK_SIZE = 4;

  private final UnitCommands commands = new UnitCommands(this);
  private final DiskTransfers transfers = new DiskTransfers(this);

  @Override
  public String name() {
    return "efi.scsidisk";
  }

  @Override
  public int version() {
    return 4;
  }

  @Override
  protected String title() {
    return "SCSI Disk Driver";
  }

  @Override
  public EfiGuid managed() {
    return Protocol.SCSI_IO;
  }

  @Override
  protected EfiStep supported(Call call, long driver, long controller, long remaining) {
    EfiRam memory = call.firmware().memory();
    if (call.step() == 0) {
      long unit = tryOpen(call, driver, controller, Protocol.SCSI_IO);
      call.set(ROOM, call.room(8));
      return EfiStep.call(1, memory.get64(unit), unit, call.get(ROOM));
    }
    int kind = memory.get8(call.get(ROOM));
    return EfiStep.done(call.result() >= 0 && (kind == DISK || kind == CD_ROM) ? EfiStatus.SUCCESS : EfiStatus.UNSUPPORTED);
  }

  /** Carries out a command of the unit. */
  EfiStep command(Call call, int next, long block, int direction, long data, long size, Cdb command) {
    return EfiStep.call(next, call.firmware().function(this, "Command"), block, direction, data, size, command.size(), command.low(),
        command.high());
  }

  private EfiStep get(Call call, int next, long size, Cdb command) {
    call.firmware().memory().clear(call.get(ROOM), (int) size);
    return command(call, next, call.get(BLOCK), ScsiPacket.READ, size == 0 ? 0 : call.get(ROOM), size, command);
  }

  @Override
  protected EfiStep start(Call call, long driver, long controller, long remaining) {
    Firmware firmware = call.firmware();
    EfiRam memory = firmware.memory();
    if (call.step() == 0) {
      long unit = open(call, driver, controller, Protocol.SCSI_IO);
      call.set(BLOCK, firmware.interfaceMemory(this, BlockMedia.SIZE, NUMBERS));
      long alignment = memory.get32(unit + UNIT_ALIGNMENT);
      call.set(ROOM, AlignedRoom.of(call, LONG_CAPACITY_SIZE, alignment));
      firmware.numbers(this, call.get(BLOCK))[UNIT] = unit;
      firmware.numbers(this, call.get(BLOCK))[ALIGNMENT] = alignment;
      return EfiStep.call(1, memory.get64(unit), unit, call.get(ROOM));
    }
    long room = call.get(ROOM);
    if (call.result() < 0 && call.step() != 5) {
      return EfiStep.done(call.result());
    }
    return switch (call.step()) {
      case 1 -> {
        call.set(KIND, memory.get8(room));
        yield get(call, 2, 0, Cdb.testUnitReady());
      }
      case 2 -> get(call, 3, CAPACITY_SIZE, Cdb.readCapacity());
      case 3 -> {
        call.set(LAST, big32(memory, room));
        call.set(BLOCK_SIZE, big32(memory, room + 4));
        yield call.get(LAST) != TOO_LARGE ? new EfiStep.Go(6) : get(call, 4, LONG_CAPACITY_SIZE, Cdb.readLongCapacity(LONG_CAPACITY_SIZE));
      }
      case 4 -> {
        call.set(LAST, big32(memory, room) << 32 | big32(memory, room + 4));
        call.set(BLOCK_SIZE, big32(memory, room + 8));
        yield new EfiStep.Go(6);
      }
      case 6 -> get(call, 5, MODE_SIZE, Cdb.modeSense(MODE_SIZE));
      default -> {
        // A unit that doesn't know the command is not protected.
        boolean readOnly = call.get(KIND) == CD_ROM || call.result() >= 0 && (memory.get8(room + 2) & WRITE_PROTECTED) != 0;
        yield publish(call, controller, readOnly);
      }
    };
  }

  private static long big32(EfiRam memory, long at) {
    return Integer.reverseBytes((int) memory.get32(at)) & 0xFFFF_FFFFL;
  }

  private EfiStep publish(Call call, long controller, boolean readOnly) {
    Firmware firmware = call.firmware();
    long block = call.get(BLOCK);
    long size = call.get(BLOCK_SIZE);
    if (size < LEAST_BLOCK || size > MOST_BLOCK || Long.bitCount(size) != 1 || call.get(LAST) < 0 || call.get(LAST) >= Long.MAX_VALUE
        / size) {
      return EfiStep.done(EfiStatus.UNSUPPORTED);
    }
    BlockMedia.write(firmware.memory(), block, 0, size, call.get(LAST) + 1, false, readOnly);
    BlockMedia.align(firmware.memory(), block, firmware.numbers(this, block)[ALIGNMENT]);
    if (call.get(KIND) == CD_ROM) {
      BlockMedia.removable(firmware.memory(), block);
    }
    pointers(firmware, block + BlockMedia.FUNCTIONS, BlockMedia.functions());
    firmware.handles().install(controller, Protocol.BLOCK_IO, block);
    return EfiStep.done();
  }

  @Override
  protected EfiStep stop(Call call, long driver, long controller, long[] children) {
    return leave(call, driver, controller, Protocol.SCSI_IO, Protocol.BLOCK_IO);
  }

  @Override
  protected EfiFunction other(String name) {
    return switch (name) {
      case "Reset" -> nothingToDo(NUMBERS);
      case "ReadBlocks" -> transfers::read;
      case "WriteBlocks" -> transfers::write;
      case "FlushBlocks" -> transfers::flush;
      case "Command" -> commands::next;
      default -> null;
    };
  }
}
