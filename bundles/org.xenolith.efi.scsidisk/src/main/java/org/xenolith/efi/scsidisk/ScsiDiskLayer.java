// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.scsidisk;

import org.xenolith.efi.api.EfiGuid;
import org.xenolith.efi.api.EfiStatus;
import org.xenolith.efi.boot.api.AskOnce;
import org.xenolith.efi.boot.api.Call;
import org.xenolith.efi.boot.api.EfiFunction;
import org.xenolith.efi.boot.api.EfiRam;
import org.xenolith.efi.boot.api.EfiStep;
import org.xenolith.efi.boot.api.Firmware;
import org.xenolith.efi.boot.api.OnError;
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
  /** Numbers of Start: the interface, memory for what the unit says, its kind, its last block, bytes of a block. */
  private enum Slot {
    BLOCK, ROOM, KIND, LAST, BLOCK_SIZE
  }

  /** Steps of Start, each with what it does if the unit hasn't carried out what was asked before. */
  private enum Step {
    READ_KIND(OnError.IGNORE), TEST_READY(OnError.FAIL), READ_CAPACITY(OnError.FAIL), SEE_CAPACITY(OnError.FAIL), SEE_LONG_CAPACITY(
        OnError.FAIL),
    /** Behind {@link #READ_MODE}: a unit that doesn't know the command is not protected. */
    PUBLISH(OnError.LOOK), READ_MODE(OnError.FAIL);

    private static final Step[] ALL = values();
    private final OnError onError;

    Step(OnError onError) {
      this.onError = onError;
    }
  }

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
    if (call.isAt(AskOnce.ASK)) {
      long unit = tryOpen(call, driver, controller, Protocol.SCSI_IO);
      call.set(Slot.ROOM, call.room(8));
      return EfiStep.call(AskOnce.ANSWERED, memory.get64(unit), unit, call.get(Slot.ROOM));
    }
    int kind = memory.get8(call.get(Slot.ROOM));
    return EfiStep.done(call.result() >= 0 && (kind == DISK || kind == CD_ROM) ? EfiStatus.SUCCESS : EfiStatus.UNSUPPORTED);
  }

  /** Carries out a command of the unit. */
  EfiStep command(Call call, Enum<?> next, long block, int direction, long data, long size, Cdb command) {
    return EfiStep.call(next, call.firmware().function(this, "Command"), block, direction, data, size, command.size(), command.low(),
        command.high());
  }

  private EfiStep get(Call call, Enum<?> next, long size, Cdb command) {
    call.firmware().memory().clear(call.get(Slot.ROOM), (int) size);
    return command(call, next, call.get(Slot.BLOCK), ScsiPacket.READ, size == 0 ? 0 : call.get(Slot.ROOM), size, command);
  }

  @Override
  protected EfiStep start(Call call, long driver, long controller, long remaining) {
    Firmware firmware = call.firmware();
    EfiRam memory = firmware.memory();
    Step step = call.step(Step.ALL);
    if (step == Step.READ_KIND) {
      long unit = open(call, driver, controller, Protocol.SCSI_IO);
      call.set(Slot.BLOCK, firmware.interfaceMemory(this, BlockMedia.SIZE, NUMBERS));
      long alignment = memory.get32(unit + UNIT_ALIGNMENT);
      call.set(Slot.ROOM, AlignedRoom.of(call, LONG_CAPACITY_SIZE, alignment));
      firmware.numbers(this, call.get(Slot.BLOCK))[UNIT] = unit;
      firmware.numbers(this, call.get(Slot.BLOCK))[ALIGNMENT] = alignment;
      return EfiStep.call(Step.TEST_READY, memory.get64(unit), unit, call.get(Slot.ROOM));
    }
    long room = call.get(Slot.ROOM);
    if (call.result() < 0 && step.onError == OnError.FAIL) {
      return EfiStep.done(call.result());
    }
    return switch (step) {
      case TEST_READY -> {
        call.set(Slot.KIND, memory.get8(room));
        yield get(call, Step.READ_CAPACITY, 0, Cdb.testUnitReady());
      }
      case READ_CAPACITY -> get(call, Step.SEE_CAPACITY, CAPACITY_SIZE, Cdb.readCapacity());
      case SEE_CAPACITY -> {
        call.set(Slot.LAST, big32(memory, room));
        call.set(Slot.BLOCK_SIZE, big32(memory, room + 4));
        yield call.get(Slot.LAST) != TOO_LARGE ? new EfiStep.Go(Step.READ_MODE) : get(call, Step.SEE_LONG_CAPACITY, LONG_CAPACITY_SIZE, Cdb
            .readLongCapacity(LONG_CAPACITY_SIZE));
      }
      case SEE_LONG_CAPACITY -> {
        call.set(Slot.LAST, big32(memory, room) << 32 | big32(memory, room + 4));
        call.set(Slot.BLOCK_SIZE, big32(memory, room + 8));
        yield new EfiStep.Go(Step.READ_MODE);
      }
      case READ_MODE -> get(call, Step.PUBLISH, MODE_SIZE, Cdb.modeSense(MODE_SIZE));
      default -> {
        boolean readOnly = call.get(Slot.KIND) == CD_ROM || call.result() >= 0 && (memory.get8(room + 2) & WRITE_PROTECTED) != 0;
        yield publish(call, controller, readOnly);
      }
    };
  }

  private static long big32(EfiRam memory, long at) {
    return Integer.reverseBytes((int) memory.get32(at)) & 0xFFFF_FFFFL;
  }

  private EfiStep publish(Call call, long controller, boolean readOnly) {
    Firmware firmware = call.firmware();
    long block = call.get(Slot.BLOCK);
    long size = call.get(Slot.BLOCK_SIZE);
    if (size < LEAST_BLOCK || size > MOST_BLOCK || Long.bitCount(size) != 1 || call.get(Slot.LAST) < 0 || call.get(Slot.LAST)
        >= Long.MAX_VALUE
            / size) {
      return EfiStep.done(EfiStatus.UNSUPPORTED);
    }
    BlockMedia.write(firmware.memory(), block, 0, size, call.get(Slot.LAST) + 1, false, readOnly);
    BlockMedia.align(firmware.memory(), block, firmware.numbers(this, block)[ALIGNMENT]);
    if (call.get(Slot.KIND) == CD_ROM) {
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
