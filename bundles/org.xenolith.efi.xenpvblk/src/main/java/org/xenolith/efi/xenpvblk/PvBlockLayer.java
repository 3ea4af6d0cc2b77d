// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.xenpvblk;

import org.xenolith.efi.api.EfiGuid;
import org.xenolith.efi.api.EfiStatus;
import org.xenolith.efi.boot.api.AskOnce;
import org.xenolith.efi.boot.api.BootService;
import org.xenolith.efi.boot.api.Call;
import org.xenolith.efi.boot.api.EfiFunction;
import org.xenolith.efi.boot.api.EfiRam;
import org.xenolith.efi.boot.api.EfiStep;
import org.xenolith.efi.boot.api.Firmware;
import org.xenolith.efi.boot.api.OnError;
import org.xenolith.efi.boot.api.Protocol;
import org.xenolith.efi.boot.api.XenBus;
import org.xenolith.efi.boot.kit.BlockMedia;
import org.xenolith.efi.boot.kit.DriverLayer;
import org.xenolith.efi.boot.kit.InterfaceNumbers;

/** EFI_BLOCK_IO_PROTOCOL on PV block devices (Xen, {@code io/blkif.h}), by {@link XenBus}. It knows no XENIO and makes no hypercall. */
final class PvBlockLayer extends DriverLayer {
  /** EFI_ERASE_BLOCK_PROTOCOL (UEFI 2.10, 13.12). */
  static final EfiGuid ERASE_BLOCK = EfiGuid.of("95a9a93e-a86e-4926-aaef-9918e772d987");
  private static final int ERASE_REVISION = 0x2_0000 | 60;
  private static final int ERASE_SIZE = 24;

  /** Steps of Stop, each with what it does if the one before has failed. */
  private enum Stopping {
    WITHDRAW(OnError.IGNORE), WITHDRAW_ERASE(OnError.FAIL), LEAVE(OnError.FAIL), CLOSE_EVENT(OnError.IGNORE), RELEASE(OnError.IGNORE);

    private static final Stopping[] ALL = values();
    private final OnError onError;

    Stopping(OnError onError) {
      this.onError = onError;
    }
  }

  /** Numbers of Stop: the interface, memory for a GUID. */
  private enum StopSlot {
    BLOCK, ROOM
  }

  private final PvRequests requests = new PvRequests(this);
  private final Connecting connecting = new Connecting(this);

  @Override
  public String name() {
    return "efi.xenpvblk";
  }

  @Override
  public int version() {
    return 4;
  }

  @Override
  protected String title() {
    return "Xen PV Block Driver";
  }

  @Override
  public EfiGuid managed() {
    return Protocol.XEN_BUS;
  }

  @Override
  protected EfiStep supported(Call call, long driver, long controller, long remaining) {
    EfiRam memory = call.firmware().memory();
    long device = tryOpen(call, driver, controller, Protocol.XEN_BUS);
    long type = memory.get64(device + XenBus.TYPE);
    boolean block = memory.get8(type) == 'v' && memory.get8(type + 1) == 'b' && memory.get8(type + 2) == 'd' && memory.get8(type + 3) == 0;
    return EfiStep.done(block ? EfiStatus.SUCCESS : EfiStatus.UNSUPPORTED);
  }

  @Override
  protected EfiStep start(Call call, long driver, long controller, long remaining) {
    if (!call.isFirst()) {
      return connecting.connect(call, controller);
    }
    Firmware firmware = call.firmware();
    long device = open(call, driver, controller, Protocol.XEN_BUS);
    return connecting.begin(call, device, firmware.interfaceMemory(this, BlockMedia.SIZE, PvDisk.NUMBERS));
  }

  @Override
  protected Enum<?> failing() {
    return Connecting.Step.LEAVE;
  }

  /** Writes the protocol, whose device is known now. */
  void describe(Firmware firmware, long block, long blockSize, long blocks, boolean readOnly) {
    BlockMedia.write(firmware.memory(), block, 0, blockSize, blocks, false, readOnly);
    pointers(firmware, block + BlockMedia.FUNCTIONS, BlockMedia.functions());
  }

  void publish(Firmware firmware, long controller, long block) {
    long[] disk = firmware.numbers(this, block);
    firmware.handles().install(controller, Protocol.BLOCK_IO, block);
    if ((disk[PvDisk.FEATURES] & PvDisk.DISCARD) != 0) {
      disk[PvDisk.ERASE] = firmware.interfaceMemory(this, ERASE_SIZE, 1);
      firmware.numbers(this, disk[PvDisk.ERASE])[0] = block;
      firmware.memory().put64(disk[PvDisk.ERASE], ERASE_REVISION);
      firmware.memory().put32(disk[PvDisk.ERASE] + 8, Math.max(1, PvDisk.PAGE / BlockMedia.blockSize(firmware.memory(), block)));
      pointers(firmware, disk[PvDisk.ERASE] + 16, "EraseBlocks");
      firmware.handles().install(controller, ERASE_BLOCK, disk[PvDisk.ERASE]);
    }
  }

  /** Gives back what a device had, after it has left. */
  void release(Call call, long driver, long controller, long block) {
    Firmware firmware = call.firmware();
    long[] disk = firmware.numbers(this, block);
    if (disk[PvDisk.PAGES] != 0) {
      firmware.freePages(disk[PvDisk.PAGES], PvDisk.pages(disk));
    }
    if (disk[PvDisk.ERASE] != 0) {
      firmware.dropInterface(this, disk[PvDisk.ERASE]);
    }
    firmware.dropInterface(this, block);
    close(call, driver, controller, Protocol.XEN_BUS);
  }

  @Override
  protected EfiStep stop(Call call, long driver, long controller, long[] children) {
    Firmware firmware = call.firmware();
    Stopping step = call.step(Stopping.ALL);
    if (step == Stopping.WITHDRAW) {
      call.set(StopSlot.BLOCK, leaving(firmware, driver, controller, Protocol.BLOCK_IO));
      call.set(StopSlot.ROOM, call.room(EfiGuid.SIZE));
    }
    long block = call.get(StopSlot.BLOCK);
    long[] disk = firmware.numbers(this, block);
    if (step == Stopping.WITHDRAW && (isBusy(call, block) || disk[PvDisk.ERASE] != 0 && isBusy(call, disk[PvDisk.ERASE]))) {
      return EfiStep.done(EfiStatus.DEVICE_ERROR);
    }
    if (call.result() < 0 && step.onError == OnError.FAIL) {
      return EfiStep.done(EfiStatus.DEVICE_ERROR);
    }
    switch (step) {
      case WITHDRAW -> {
        return withdraw(call, Stopping.WITHDRAW_ERASE, call.get(StopSlot.ROOM), controller, Protocol.BLOCK_IO, block);
      }
      case WITHDRAW_ERASE -> {
        return disk[PvDisk.ERASE] == 0 ? new EfiStep.Go(Stopping.LEAVE) : withdraw(call, Stopping.LEAVE, call.get(StopSlot.ROOM),
            controller, ERASE_BLOCK, disk[PvDisk.ERASE]);
      }
      case LEAVE -> {
        return connecting.front().leave(call, Stopping.CLOSE_EVENT, block);
      }
      case CLOSE_EVENT -> {
        return closeEvent(call, Stopping.RELEASE, disk, PvDisk.EVENT);
      }
      default -> {
        release(call, driver, controller, block);
        left(firmware, driver, controller);
        return EfiStep.done();
      }
    }
  }

  @Override
  protected EfiFunction other(String name) {
    return switch (name) {
      case "Reset" -> nothingToDo(PvDisk.NUMBERS);
      case "ReadBlocks" -> requests::read;
      case "WriteBlocks" -> requests::write;
      case "FlushBlocks" -> requests::flush;
      case "EraseBlocks" -> call -> requests.erase(call, InterfaceNumbers.of(call, this, 1)[0]);
      case "Quiesce" -> call -> !call.isAt(AskOnce.ASK) ? EfiStep.done() : connecting.front().leave(call, AskOnce.ANSWERED, call.argument(
          1));
      default -> connecting.front().function(name);
    };
  }
}
