// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.virtio.mmio;

import java.util.ArrayList;
import java.util.List;
import org.xenolith.efi.api.EfiGuid;
import org.xenolith.efi.api.EfiStatus;
import org.xenolith.efi.boot.api.AskOnce;
import org.xenolith.efi.boot.api.EfiAccess;
import org.xenolith.efi.boot.api.Call;
import org.xenolith.efi.boot.api.EfiFunction;
import org.xenolith.efi.boot.api.Firmware;
import org.xenolith.efi.boot.api.EfiRam;
import org.xenolith.efi.boot.api.HandleDatabase;
import org.xenolith.efi.boot.api.Protocol;
import org.xenolith.efi.boot.api.EfiStep;
import org.xenolith.efi.boot.kit.EfiVirtioTransport;
import org.xenolith.efi.boot.kit.InterfaceNumbers;
import org.xenolith.efi.boot.kit.TreeDriverLayer;

/**
 * edk2's protocol for virtio devices (OvmfPkg/Include/Protocol/VirtioDevice.h) on memory-mapped transports, version 1 and 2 (Virtio 1.2,
 * 4.2.2 and 4.2.4).
 */
final class MmioTransportLayer extends TreeDriverLayer {
  /** Vendor's node of a transport's device path, as edk2 has it: its base follows. */
  static final EfiGuid TRANSPORT = EfiGuid.of("837dca9e-e874-4d82-b29a-23fe0e23d1e2");
  private static final int MAGIC = 0x7472_6976;
  private static final int DEVICE_FEATURES = 0x10;
  private static final int DEVICE_FEATURES_SELECT = 0x14;
  private static final int DRIVER_FEATURES = 0x20;
  private static final int DRIVER_FEATURES_SELECT = 0x24;
  private static final int GUEST_PAGE_SIZE = 0x28;
  private static final int QUEUE_SELECT = 0x30;
  private static final int QUEUE_MOST = 0x34;
  private static final int QUEUE_SIZE = 0x38;
  private static final int QUEUE_ALIGN = 0x3C;
  private static final int QUEUE_PAGE = 0x40;
  private static final int QUEUE_READY = 0x44;
  private static final int QUEUE_NOTIFY = 0x50;
  private static final int STATUS = 0x70;
  private static final int DESCRIPTORS = 0x80;
  private static final int DRIVER_RING = 0x90;
  private static final int DEVICE_RING = 0xA0;
  private static final int CONFIGURATION = 0x100;
  private static final int PAGE_SHIFT = 12;
  /** Places in edk2's structure of a ring: descriptors, available ring, used ring, base. */
  private static final int RING_BASE = 8;
  private static final int RING_DESCRIPTORS = 16;
  private static final int RING_AVAILABLE = 24;
  private static final int RING_USED = 56;
  // Numbers of the protocol: where the registers are, the version, bytes of the device's configuration, and pages that are given.
  private static final int BASE = 0;
  private static final int VERSION = 1;
  private static final int CONFIGURED = 2;
  private static final int GIVEN = 3;
  private static final int NUMBERS = 4;

  /** Number of Start: where the registers are. */
  private enum StartSlot {
    BASE
  }

  MmioTransportLayer() {
    super(TRANSPORT, "virtio,mmio", Protocol.VIRTIO_DEVICE);
  }

  @Override
  public String name() {
    return "efi.virtio.mmio";
  }

  @Override
  public int version() {
    return 4;
  }

  @Override
  protected String title() {
    return "Virtio MMIO Transport Driver";
  }

  /** A window without a device has the identity 0 (4.2.2.2). */
  @Override
  protected EfiStep supported(Call call, long driver, long controller, long remaining) {
    if (call.isAt(AskOnce.ASK)) {
      return identify(AskOnce.ANSWERED, tryOpen(call, driver, controller, TRANSPORT));
    }
    return EfiStep.done(isThere(call) ? EfiStatus.SUCCESS : EfiStatus.UNSUPPORTED);
  }

  private static EfiStep identify(Enum<?> next, long base) {
    return EfiStep.touch(next, EfiAccess.read(4, base), EfiAccess.read(4, base + 4), EfiAccess.read(4, base + 8));
  }

  private static boolean isThere(Call call) {
    return call.accessed(0) == MAGIC && (call.accessed(1) == 1 || call.accessed(1) == 2) && call.accessed(2) != 0;
  }

  @Override
  protected EfiStep start(Call call, long driver, long controller, long remaining) {
    Firmware firmware = call.firmware();
    HandleDatabase handles = firmware.handles();
    if (call.isAt(AskOnce.ASK)) {
      long base = open(call, driver, controller, TRANSPORT);
      call.set(StartSlot.BASE, base);
      return identify(AskOnce.ANSWERED, base);
    }
    if (!isThere(call)) {
      return EfiStep.done(EfiStatus.DEVICE_ERROR);
    }
    long device = firmware.interfaceMemory(this, EfiVirtioTransport.SIZE, NUMBERS);
    long[] numbers = firmware.numbers(this, device);
    numbers[BASE] = call.get(StartSlot.BASE);
    numbers[VERSION] = call.accessed(1);
    numbers[CONFIGURED] = device(firmware.tree(), call.get(StartSlot.BASE)).size() - CONFIGURATION;
    firmware.memory().put32(device, numbers[VERSION] == 1 ? EfiVirtioTransport.LEGACY_REVISION : EfiVirtioTransport.MODERN_REVISION);
    firmware.memory().put32(device + 4, call.accessed(2));
    pointers(firmware, device + EfiVirtioTransport.FUNCTIONS, EfiVirtioTransport.functions());
    handles.install(controller, Protocol.VIRTIO_DEVICE, device);
    return EfiStep.done();
  }

  @Override
  protected void release(Firmware firmware, long place) {
    EfiVirtioTransport.forget(firmware, this, place, GIVEN);
    super.release(firmware, place);
  }

  @Override
  protected EfiFunction other(String name) {
    return switch (name) {
      case "GetDeviceFeatures" -> this::getFeatures;
      case "SetGuestFeatures" -> this::setFeatures;
      case "SetQueueAddress" -> this::setQueue;
      case "SetQueueSel" -> call -> write(call, QUEUE_SELECT, call.argument(1) & 0xFFFF);
      case "SetQueueNotify" -> call -> write(call, QUEUE_NOTIFY, call.argument(1) & 0xFFFF);
      case "SetQueueAlign" -> call -> legacy(call, QUEUE_ALIGN);
      case "SetPageSize" -> call -> legacy(call, GUEST_PAGE_SIZE);
      case "GetQueueNumMax" -> call -> get(call, QUEUE_MOST, 2);
      case "SetQueueNum" -> call -> write(call, QUEUE_SIZE, call.argument(1) & 0xFFFF);
      case "GetDeviceStatus" -> call -> get(call, STATUS, 1);
      case "SetDeviceStatus" -> call -> write(call, STATUS, call.argument(1) & 0xFF);
      case "WriteDevice" -> this::writeDevice;
      case "ReadDevice" -> this::readDevice;
      case "AllocateSharedPages" -> call -> EfiVirtioTransport.allocate(this, call, GIVEN);
      case "FreeSharedPages" -> call -> EfiVirtioTransport.free(this, call, GIVEN);
      case "MapSharedBuffer" -> this::map;
      case "UnmapSharedBuffer" -> nothingToDo(NUMBERS);
      default -> null;
    };
  }

  private long[] numbers(Call call) {
    return InterfaceNumbers.of(call, this, NUMBERS);
  }

  private EfiStep write(Call call, int register, long value) {
    return !call.isAt(AskOnce.ASK) ? EfiStep.done() : EfiStep.post(AskOnce.ANSWERED, EfiAccess.write(4, numbers(call)[BASE] + register,
        value));
  }

  /** A register that only the first version has. */
  private EfiStep legacy(Call call, int register) {
    return numbers(call)[VERSION] != 1 ? EfiStep.done() : write(call, register, call.argument(1) & 0xFFFF_FFFFL);
  }

  private EfiStep get(Call call, int register, int bytes) {
    if (call.isAt(AskOnce.ASK)) {
      return EfiStep.touch(AskOnce.ANSWERED, EfiAccess.read(4, numbers(call)[BASE] + register));
    }
    EfiRam memory = call.firmware().memory();
    if (bytes == 1) {
      memory.put8(call.argument(1), call.accessed(0));
    } else {
      memory.put16(call.argument(1), Math.min(0xFFFF, call.accessed(0)));
    }
    return EfiStep.done();
  }

  private EfiStep getFeatures(Call call) {
    long base = numbers(call)[BASE];
    if (call.isAt(AskOnce.ASK)) {
      return EfiStep.touch(AskOnce.ANSWERED, EfiAccess.write(4, base + DEVICE_FEATURES_SELECT, 1), EfiAccess.read(4, base
          + DEVICE_FEATURES), EfiAccess
              .write(4, base
                  + DEVICE_FEATURES_SELECT, 0), EfiAccess.read(4, base + DEVICE_FEATURES));
    }
    long high = numbers(call)[VERSION] == 1 ? 0 : call.accessed(1);
    call.firmware().memory().put64(call.argument(1), high << 32 | call.accessed(3));
    return EfiStep.done();
  }

  private EfiStep setFeatures(Call call) {
    long base = numbers(call)[BASE];
    long features = call.argument(1);
    if (numbers(call)[VERSION] == 1 && features >>> 32 != 0) {
      return EfiStep.done(EfiStatus.UNSUPPORTED);
    }
    return !call.isAt(AskOnce.ASK) ? EfiStep.done() : EfiStep.touch(AskOnce.ANSWERED, EfiAccess.write(4, base + DRIVER_FEATURES_SELECT, 1),
        EfiAccess.write(4,
            base
                + DRIVER_FEATURES, features >>> 32), EfiAccess.write(4, base + DRIVER_FEATURES_SELECT, 0), EfiAccess.write(4, base
                    + DRIVER_FEATURES,
                    features & 0xFFFF_FFFFL));
  }

  private EfiStep setQueue(Call call) {
    if (!call.isAt(AskOnce.ASK)) {
      return EfiStep.done();
    }
    EfiRam memory = call.firmware().memory();
    long[] numbers = numbers(call);
    long ring = call.argument(1);
    if (numbers[VERSION] == 1) {
      return EfiStep.touch(AskOnce.ANSWERED, EfiAccess.write(4, numbers[BASE] + QUEUE_PAGE, memory.get64(ring + RING_BASE) >>> PAGE_SHIFT));
    }
    List<EfiAccess> accesses = new ArrayList<>();
    long shift = call.argument(2);
    address(accesses, numbers[BASE] + DESCRIPTORS, memory.get64(ring + RING_DESCRIPTORS) + shift);
    address(accesses, numbers[BASE] + DRIVER_RING, memory.get64(ring + RING_AVAILABLE) + shift);
    address(accesses, numbers[BASE] + DEVICE_RING, memory.get64(ring + RING_USED) + shift);
    accesses.add(EfiAccess.write(4, numbers[BASE] + QUEUE_READY, 1));
    return new EfiStep.Touch(AskOnce.ANSWERED, accesses);
  }

  private static void address(List<EfiAccess> accesses, long register, long address) {
    accesses.add(EfiAccess.write(4, register, address & 0xFFFF_FFFFL));
    accesses.add(EfiAccess.write(4, register + 4, address >>> 32));
  }

  private static boolean isSize(long size) {
    return size == 1 || size == 2 || size == 4 || size == 8;
  }

  /** What a field of the configuration is refused with; SUCCESS if it is one. */
  private EfiStatus field(Call call) {
    long configured = numbers(call)[CONFIGURED];
    long size = call.argument(2);
    return !isSize(size) ? EfiStatus.INVALID_PARAMETER : call.argument(1) < 0 || call.argument(1) > configured - size
        ? EfiStatus.UNSUPPORTED : EfiStatus.SUCCESS;
  }

  private EfiStep writeDevice(Call call) {
    long at = numbers(call)[BASE] + CONFIGURATION + call.argument(1);
    long size = call.argument(2);
    if (field(call) != EfiStatus.SUCCESS) {
      return EfiStep.done(field(call));
    }
    if (!call.isAt(AskOnce.ASK)) {
      return EfiStep.done();
    }
    return size < 8 ? EfiStep.touch(AskOnce.ANSWERED, EfiAccess.write((int) size, at, call.argument(3)))
        : EfiStep.touch(AskOnce.ANSWERED, EfiAccess.write(4, at, call.argument(3) & 0xFFFF_FFFFL), EfiAccess.write(4, at + 4, call.argument(
            3) >>> 32));
  }

  /** Fields of 64 bits are read as two halves (4.2.2.2). */
  private EfiStep readDevice(Call call) {
    long at = numbers(call)[BASE] + CONFIGURATION + call.argument(1);
    long size = call.argument(2);
    if (field(call) != EfiStatus.SUCCESS || call.argument(3) != size) {
      return EfiStep.done(field(call) == EfiStatus.UNSUPPORTED ? EfiStatus.UNSUPPORTED : EfiStatus.INVALID_PARAMETER);
    }
    if (call.isAt(AskOnce.ASK)) {
      return size < 8 ? EfiStep.touch(AskOnce.ANSWERED, EfiAccess.read((int) size, at)) : EfiStep.touch(AskOnce.ANSWERED, EfiAccess.read(4,
          at), EfiAccess.read(4, at
              + 4));
    }
    EfiRam memory = call.firmware().memory();
    long to = call.argument(4);
    switch ((int) size) {
      case 1 -> memory.put8(to, call.accessed(0));
      case 2 -> memory.put16(to, call.accessed(0));
      case 4 -> memory.put32(to, call.accessed(0));
      default -> memory.put64(to, call.accessed(1) << 32 | call.accessed(0));
    }
    return EfiStep.done();
  }

  /** Nothing translates: a device sees memory where the CPU does. */
  private EfiStep map(Call call) {
    numbers(call);
    if (!EfiVirtioTransport.maps(call)) {
      return EfiStep.done(EfiStatus.INVALID_PARAMETER);
    }
    call.firmware().memory().put64(call.argument(4), call.argument(2));
    call.firmware().memory().put64(call.argument(5), 0);
    return EfiStep.done();
  }
}
