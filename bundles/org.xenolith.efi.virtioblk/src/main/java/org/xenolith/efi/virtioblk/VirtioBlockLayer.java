// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.virtioblk;

import org.xenolith.efi.api.EfiGuid;
import org.xenolith.efi.api.EfiStatus;
import org.xenolith.efi.boot.api.BootService;
import org.xenolith.efi.boot.api.Call;
import org.xenolith.efi.boot.api.EfiFunction;
import org.xenolith.efi.boot.api.Firmware;
import org.xenolith.efi.boot.api.EfiRam;
import org.xenolith.efi.boot.api.HandleDatabase;
import org.xenolith.efi.boot.api.Protocol;
import org.xenolith.efi.boot.api.EfiStep;
import org.xenolith.efi.boot.kit.BlockMedia;
import org.xenolith.efi.boot.kit.DriverLayer;

/**
 * EFI_BLOCK_IO_PROTOCOL on virtio block devices (Virtio 1.2, 5.2), by edk2's protocol for virtio devices. It knows no bus.
 */
final class VirtioBlockLayer extends DriverLayer {
  private static final int BLOCK_DEVICE = 2;
  static final int READ_ONLY = 1 << 5;
  private static final int BLOCK_SIZE = 1 << 6;
  static final int FLUSH = 1 << 9;
  private static final long VERSION_1 = 1L << 32;
  private static final int SECTOR = 512;
  private static final int MOST_QUEUE = 1024;
  private static final int ACKNOWLEDGE = 1;
  private static final int DRIVER = 3;
  private static final int FEATURES_OK = 0xB;
  private static final int DRIVER_OK = 4;
  private static final int PAGE = 4096;
  private static final int EXIT_BOOT_SERVICES = 0x201;
  private static final int TPL_CALLBACK = 8;
  private static final int NO_QUEUE = 0;
  // Places of the device's functions.
  private static final int GET_FEATURES = 8;
  private static final int SET_FEATURES = 16;
  private static final int SET_QUEUE = 24;
  private static final int SELECT_QUEUE = 32;
  static final int NOTIFY = 40;
  private static final int ALIGN = 48;
  private static final int PAGE_SIZE = 56;
  private static final int QUEUE_MOST = 64;
  private static final int QUEUE_SIZE = 72;
  private static final int GET_STATUS = 80;
  private static final int SET_STATUS = 88;
  private static final int READ_DEVICE = 104;
  // Numbers of the protocol.
  static final int DEVICE = 0;
  static final int RING = 1;
  static final int SIZE = 2;
  static final int FEATURES = 3;
  static final int REQUESTS = 4;
  static final int HEADER = 5;
  static final int EVENT = 6;
  static final int BROKEN = 7;
  private static final int NUMBERS = 8;
  // Numbers of Start.
  private static final int BLOCK = 0;
  private static final int ROOM = 1;

  private final Requests requests = new Requests(this);

  @Override
  public String name() {
    return "efi.virtioblk";
  }

  @Override
  public int version() {
    return 1;
  }

  @Override
  protected String title() {
    return "Virtio Block Driver";
  }

  @Override
  protected EfiStep supported(Call call, long driver, long controller, long remaining) {
    HandleDatabase handles = call.firmware().handles();
    long device = handles.open(controller, Protocol.VIRTIO_DEVICE, driver, controller, HandleDatabase.BY_DRIVER);
    handles.close(controller, Protocol.VIRTIO_DEVICE, driver, controller);
    return EfiStep.done(call.firmware().memory().get32(device + 4) == BLOCK_DEVICE ? EfiStatus.SUCCESS : EfiStatus.UNSUPPORTED);
  }

  static EfiStep ask(Call call, int next, long device, int function, long... arguments) {
    long[] all = new long[arguments.length + 1];
    all[0] = device;
    System.arraycopy(arguments, 0, all, 1, arguments.length);
    return EfiStep.call(next, call.firmware().memory().get64(device + function), all);
  }

  /** Bytes of a ring up to the used ring, which begins a page (Virtio 1.2, 2.7.2). */
  static long usedOffset(long size) {
    return 16 * size + 6 + 2 * size + PAGE - 1 & -PAGE;
  }

  private static long ringPages(long size) {
    return (usedOffset(size) + 6 + 8 * size + PAGE - 1) / PAGE;
  }

  @Override
  protected EfiStep start(Call call, long driver, long controller, long remaining) {
    Firmware firmware = call.firmware();
    EfiRam memory = firmware.memory();
    if (call.step() == 0) {
      long device = firmware.handles().open(controller, Protocol.VIRTIO_DEVICE, driver, controller, HandleDatabase.BY_DRIVER);
      long block = firmware.interfaceMemory(this, BlockMedia.SIZE, NUMBERS);
      call.set(BLOCK, block);
      call.set(ROOM, call.room(128));
      firmware.numbers(this, block)[DEVICE] = device;
      return ask(call, 1, device, SET_STATUS, 0);
    }
    long block = call.get(BLOCK);
    long room = call.get(ROOM);
    long[] numbers = firmware.numbers(this, block);
    long device = numbers[DEVICE];
    boolean modern = (numbers[FEATURES] & VERSION_1) != 0;
    if (call.result() < 0) {
      return give(call, driver, controller, EfiStatus.DEVICE_ERROR);
    }
    switch (call.step()) {
      case 1 -> {
        return ask(call, 2, device, SET_STATUS, ACKNOWLEDGE);
      }
      case 2 -> {
        return ask(call, 3, device, SET_STATUS, DRIVER);
      }
      case 3 -> {
        return ask(call, 4, device, GET_FEATURES, room);
      }
      case 4 -> {
        numbers[FEATURES] = memory.get64(room) & (READ_ONLY | BLOCK_SIZE | FLUSH | VERSION_1);
        return ask(call, 5, device, SET_FEATURES, numbers[FEATURES]);
      }
      case 5 -> {
        return modern ? ask(call, 6, device, SET_STATUS, FEATURES_OK) : new EfiStep.Go(8);
      }
      case 6 -> {
        return ask(call, 7, device, GET_STATUS, room);
      }
      case 7 -> {
        return (memory.get8(room) & FEATURES_OK) != FEATURES_OK ? give(call, driver, controller, EfiStatus.UNSUPPORTED) : new EfiStep.Go(8);
      }
      case 8 -> {
        return ask(call, 9, device, READ_DEVICE, 0, 8, 8, room + 8);
      }
      case 9 -> {
        memory.put32(room + 16, SECTOR);
        return (numbers[FEATURES] & BLOCK_SIZE) == 0 ? new EfiStep.Go(10) : ask(call, 10, device, READ_DEVICE, 20, 4, 4, room + 16);
      }
      case 10 -> {
        return ask(call, 11, device, PAGE_SIZE, PAGE);
      }
      case 11 -> {
        return ask(call, 12, device, SELECT_QUEUE, NO_QUEUE);
      }
      case 12 -> {
        return ask(call, 13, device, QUEUE_MOST, room);
      }
      case 13 -> {
        numbers[SIZE] = memory.get16(room);
        return numbers[SIZE] < 4 || numbers[SIZE] > MOST_QUEUE || Long.bitCount(numbers[SIZE]) != 1
            ? give(call, driver, controller, EfiStatus.UNSUPPORTED)
            : ask(call, 14, device, QUEUE_SIZE, numbers[SIZE]);
      }
      case 14 -> {
        return ask(call, 15, device, ALIGN, PAGE);
      }
      case 15 -> {
        return ask(call, 16, device, SET_QUEUE, ring(firmware, numbers, room + 24), 0);
      }
      case 16 -> {
        return ask(call, 17, device, SET_STATUS, (modern ? FEATURES_OK : DRIVER) | DRIVER_OK);
      }
      case 17 -> {
        return EfiStep.call(18, firmware.service(BootService.CREATE_EVENT), EXIT_BOOT_SERVICES, TPL_CALLBACK, firmware.function(this,
            "Quiesce"),
            block, room);
      }
      default -> {
        numbers[EVENT] = memory.get64(room);
        return publish(call, driver, controller, memory.get64(room + 8), memory.get32(room + 16));
      }
    }
  }

  /** Allocates a ring and a page for headers, and describes the ring as edk2's structure does. */
  private static long ring(Firmware firmware, long[] numbers, long at) {
    EfiRam memory = firmware.memory();
    long size = numbers[SIZE];
    numbers[RING] = firmware.pages(ringPages(size));
    numbers[HEADER] = firmware.pages(1);
    long available = numbers[RING] + 16 * size;
    long used = numbers[RING] + usedOffset(size);
    memory.put64(at, ringPages(size));
    memory.put64(at + 8, numbers[RING]);
    memory.put64(at + 16, numbers[RING]);
    memory.put64(at + 24, available);
    memory.put64(at + 32, available + 2);
    memory.put64(at + 40, available + 4);
    memory.put64(at + 48, available + 4 + 2 * size);
    memory.put64(at + 56, used);
    memory.put64(at + 64, used + 2);
    memory.put64(at + 72, used + 4);
    memory.put64(at + 80, used + 4 + 8 * size);
    memory.put16(at + 88, size);
    memory.put16(available, 1); // no interrupts
    return at;
  }

  private EfiStep publish(Call call, long driver, long controller, long sectors, long blockSize) {
    Firmware firmware = call.firmware();
    long block = call.get(BLOCK);
    long[] numbers = firmware.numbers(this, block);
    if (blockSize < SECTOR || blockSize > PAGE || Long.bitCount(blockSize) != 1 || sectors < blockSize / SECTOR) {
      return give(call, driver, controller, EfiStatus.UNSUPPORTED);
    }
    BlockMedia.write(firmware.memory(), block, 0, blockSize, sectors / (blockSize / SECTOR), false, (numbers[FEATURES] & READ_ONLY) != 0);
    pointers(firmware, block + BlockMedia.FUNCTIONS, "Reset", "ReadBlocks", "WriteBlocks", "FlushBlocks");
    firmware.handles().install(controller, Protocol.BLOCK_IO, block);
    return EfiStep.done();
  }

  /** Nothing of a start that failed remains; the device may not be ready, but it has nothing to do. */
  private EfiStep give(Call call, long driver, long controller, EfiStatus status) {
    release(call.firmware(), call.get(BLOCK));
    call.firmware().handles().close(controller, Protocol.VIRTIO_DEVICE, driver, controller);
    return EfiStep.done(status);
  }

  private void release(Firmware firmware, long block) {
    long[] numbers = firmware.numbers(this, block);
    if (numbers[RING] != 0) {
      firmware.freePages(numbers[RING], ringPages(numbers[SIZE]));
      firmware.freePages(numbers[HEADER], 1);
    }
    firmware.dropInterface(this, block);
  }

  /** The device is reset before its memory is given back. */
  @Override
  protected EfiStep stop(Call call, long driver, long controller, long[] children) {
    Firmware firmware = call.firmware();
    if (call.step() == 0) {
      call.set(BLOCK, firmware.handles().find(controller, Protocol.BLOCK_IO));
    }
    long block = call.get(BLOCK);
    long[] numbers = firmware.numbers(this, block);
    switch (call.step()) {
      case 0 -> {
        return withdraw(call, 1, call.room(EfiGuid.SIZE), controller, Protocol.BLOCK_IO, block);
      }
      case 1 -> {
        return call.result() < 0 ? EfiStep.done(EfiStatus.DEVICE_ERROR) : ask(call, 2, numbers[DEVICE], SET_STATUS, 0);
      }
      case 2 -> {
        return EfiStep.call(3, firmware.service(BootService.CLOSE_EVENT), numbers[EVENT]);
      }
      default -> {
        release(firmware, block);
        firmware.handles().close(controller, Protocol.VIRTIO_DEVICE, driver, controller);
        return EfiStep.done();
      }
    }
  }

  @Override
  protected EfiFunction other(String name) {
    return switch (name) {
      case "Reset" -> call -> {
        call.firmware().numbers(this, call.argument(0));
        return EfiStep.done();
      };
      case "ReadBlocks" -> requests::read;
      case "WriteBlocks" -> requests::write;
      case "FlushBlocks" -> requests::flush;
      case "Quiesce" -> this::quiesce;
      default -> null;
    };
  }

  /** The notification function for the end of boot services: the operating system finds a device that does nothing. */
  private EfiStep quiesce(Call call) {
    return call.step() != 0 ? EfiStep.done() : ask(call, 1, call.firmware().numbers(this, call.argument(1))[DEVICE], SET_STATUS, 0);
  }
}
