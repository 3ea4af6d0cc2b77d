// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.virtio.pci;

import org.xenolith.efi.api.EfiStatus;
import org.xenolith.efi.boot.api.AskOnce;
import org.xenolith.efi.boot.api.Call;
import org.xenolith.efi.boot.api.EfiFunction;
import org.xenolith.efi.boot.api.EfiRam;
import org.xenolith.efi.boot.api.EfiStep;
import org.xenolith.efi.boot.kit.EfiVirtioTransport;
import org.xenolith.efi.boot.kit.InterfaceNumbers;
import org.xenolith.efi.boot.kit.PciAccess;

/** The functions of edk2's protocol for virtio devices, by registers of either form (Virtio 1.2, 4.1.4.3 and 4.1.4.10). */
final class TransportFunctions {
  // The common structure.
  private static final int DEVICE_SELECT = 0;
  private static final int DEVICE_FEATURES = 4;
  private static final int DRIVER_SELECT = 8;
  private static final int DRIVER_FEATURES = 12;
  private static final int STATUS = 20;
  private static final int QUEUE_SELECT = 22;
  private static final int QUEUE_SIZE = 24;
  private static final int QUEUE_ENABLE = 28;
  private static final int QUEUE_NOTIFY = 30;
  private static final int[] QUEUE_ADDRESSES = {32, 40, 48};
  // The legacy structure.
  private static final int OLD_DEVICE_FEATURES = 0;
  private static final int OLD_DRIVER_FEATURES = 4;
  private static final int OLD_QUEUE_PAGE = 8;
  private static final int OLD_QUEUE_SIZE = 12;
  private static final int OLD_QUEUE_SELECT = 14;
  private static final int OLD_QUEUE_NOTIFY = 16;
  private static final int OLD_STATUS = 18;
  private static final int OLD_DEVICE = 20;
  private static final int PAGE_SHIFT = 12;
  // Functions of PciIo.
  private static final int MAP = 72;
  private static final int UNMAP = 80;
  // edk2's description of a ring.
  private static final int RING_BASE = 8;
  private static final int[] RING_PARTS = {16, 24, 56};

  private enum GettingFeatures {
    SELECT_HIGH, READ_HIGH, SELECT_LOW, READ_LOW, KEEP;

    private static final GettingFeatures[] ALL = values();
  }

  private enum SettingFeatures {
    SELECT_HIGH, WRITE_HIGH, SELECT_LOW, WRITE_LOW, WRITTEN;

    private static final SettingFeatures[] ALL = values();
  }

  private enum SettingQueue {
    BEGIN, HALF_WRITTEN, ENABLED
  }

  private enum Notifying {
    SELECT, READ_PLACE, SEE_PLACE, NOTIFY, NOTIFIED;

    private static final Notifying[] ALL = values();
  }

  /** Fields of 64 bits are written and read in two halves. */
  private enum WritingDevice {
    WRITE, WRITE_HIGH, WRITTEN
  }

  private enum ReadingDevice {
    READ, KEEP, KEEP_HIGH
  }

  /** Number of GetDeviceFeatures: the upper half. */
  private enum FeaturesSlot {
    HIGH
  }

  /** Number of SetQueueAddress: how many halves of addresses are written. */
  private enum QueueSlot {
    HALVES
  }

  /** Number of SetQueueNotify: where the queue is notified. */
  private enum NotifySlot {
    PLACE
  }

  private final PciTransportLayer layer;

  TransportFunctions(PciTransportLayer layer) {
    this.layer = layer;
  }

  EfiFunction function(String name) {
    return switch (name) {
      case "GetDeviceFeatures" -> this::getFeatures;
      case "SetGuestFeatures" -> this::setFeatures;
      case "SetQueueAddress" -> this::setQueue;
      case "SetQueueSel" -> this::select;
      case "SetQueueNotify" -> this::notifyQueue;
      case "SetQueueAlign", "SetPageSize" -> call -> {
        numbers(call);
        return EfiStep.done();
      };
      case "GetQueueNumMax" -> call -> get(call, QUEUE_SIZE, OLD_QUEUE_SIZE, 2);
      case "SetQueueNum" -> call -> isLegacy(call) ? EfiStep.done() : set(call, QUEUE_SIZE, 0, 2);
      case "GetDeviceStatus" -> call -> get(call, STATUS, OLD_STATUS, 1);
      case "SetDeviceStatus" -> this::setStatus;
      case "WriteDevice" -> this::writeDevice;
      case "ReadDevice" -> this::readDevice;
      case "AllocateSharedPages" -> call -> EfiVirtioTransport.allocate(layer, call, PciTransportLayer.GIVEN);
      case "FreeSharedPages" -> call -> EfiVirtioTransport.free(layer, call, PciTransportLayer.GIVEN);
      case "MapSharedBuffer" -> call -> !call.isAt(AskOnce.ASK) || EfiVirtioTransport.maps(call) ? pci(call, MAP) : EfiStep.done(
          EfiStatus.INVALID_PARAMETER);
      case "UnmapSharedBuffer" -> call -> pci(call, UNMAP);
      default -> null;
    };
  }

  private long[] numbers(Call call) {
    return InterfaceNumbers.of(call, layer, PciTransportLayer.NUMBERS);
  }

  private boolean isLegacy(Call call) {
    return numbers(call)[PciTransportLayer.LEGACY] != 0;
  }

  private EfiStep read(Call call, Enum<?> next, int structure, long offset, int bytes) {
    return EfiStep.call(next, call.firmware().function(layer, "Read"), call.argument(0), structure, offset, bytes);
  }

  private EfiStep write(Call call, Enum<?> next, int structure, long offset, int bytes, long value) {
    return EfiStep.call(next, call.firmware().function(layer, "Write"), call.argument(0), structure, offset, bytes, value);
  }

  /** One register of the common structure is written. */
  private EfiStep set(Call call, int register, int old, int bytes) {
    if (!call.isAt(AskOnce.ASK)) {
      return EfiStep.done(call.result() < 0 ? EfiStatus.DEVICE_ERROR : EfiStatus.SUCCESS);
    }
    return write(call, AskOnce.ANSWERED, TransportRegisters.COMMON, isLegacy(call) ? old : register, bytes, call.argument(1));
  }

  /** One register is read to where the first argument says. */
  private EfiStep get(Call call, int register, int old, int bytes) {
    if (call.isAt(AskOnce.ASK)) {
      return read(call, AskOnce.ANSWERED, TransportRegisters.COMMON, isLegacy(call) ? old : register, bytes);
    }
    if (call.result() < 0) {
      return EfiStep.done(EfiStatus.DEVICE_ERROR);
    }
    PciAccess.put(call.firmware().memory(), call.argument(1), bytes, call.result());
    return EfiStep.done();
  }

  private EfiStep select(Call call) {
    numbers(call)[PciTransportLayer.SELECTED] = !call.isAt(AskOnce.ASK) && call.result() < 0 ? 0 : (call.argument(1) & 0xFFFF) + 1;
    return set(call, QUEUE_SELECT, OLD_QUEUE_SELECT, 2);
  }

  /** Nobody says which queue is selected after a reset. */
  private EfiStep setStatus(Call call) {
    if ((call.argument(1) & 0xFF) == 0) {
      numbers(call)[PciTransportLayer.SELECTED] = 0;
    }
    return set(call, STATUS, OLD_STATUS, 1);
  }

  private EfiStep getFeatures(Call call) {
    EfiRam memory = call.firmware().memory();
    if (!call.isFirst() && call.result() < 0) {
      return EfiStep.done(EfiStatus.DEVICE_ERROR);
    }
    switch (call.step(GettingFeatures.ALL)) {
      case SELECT_HIGH -> {
        return isLegacy(call) ? read(call, GettingFeatures.KEEP, TransportRegisters.COMMON, OLD_DEVICE_FEATURES, 4) : write(call,
            GettingFeatures.READ_HIGH, TransportRegisters.COMMON,
            DEVICE_SELECT, 4, 1);
      }
      case READ_HIGH -> {
        return read(call, GettingFeatures.SELECT_LOW, TransportRegisters.COMMON, DEVICE_FEATURES, 4);
      }
      case SELECT_LOW -> {
        call.set(FeaturesSlot.HIGH, call.result());
        return write(call, GettingFeatures.READ_LOW, TransportRegisters.COMMON, DEVICE_SELECT, 4, 0);
      }
      case READ_LOW -> {
        return read(call, GettingFeatures.KEEP, TransportRegisters.COMMON, DEVICE_FEATURES, 4);
      }
      default -> {
        memory.put64(call.argument(1), call.get(FeaturesSlot.HIGH) << 32 | call.result());
        return EfiStep.done();
      }
    }
  }

  private EfiStep setFeatures(Call call) {
    long features = call.argument(1);
    if (isLegacy(call) && features >>> 32 != 0) {
      return EfiStep.done(EfiStatus.UNSUPPORTED);
    }
    if (!call.isFirst() && call.result() < 0) {
      return EfiStep.done(EfiStatus.DEVICE_ERROR);
    }
    return switch (call.step(SettingFeatures.ALL)) {
      case SELECT_HIGH -> isLegacy(call) ? write(call, SettingFeatures.WRITTEN, TransportRegisters.COMMON, OLD_DRIVER_FEATURES, 4, features
          & 0xFFFF_FFFFL) : write(call, SettingFeatures.WRITE_HIGH,
              TransportRegisters.COMMON, DRIVER_SELECT, 4, 1);
      case WRITE_HIGH -> write(call, SettingFeatures.SELECT_LOW, TransportRegisters.COMMON, DRIVER_FEATURES, 4, features >>> 32);
      case SELECT_LOW -> write(call, SettingFeatures.WRITE_LOW, TransportRegisters.COMMON, DRIVER_SELECT, 4, 0);
      case WRITE_LOW -> write(call, SettingFeatures.WRITTEN, TransportRegisters.COMMON, DRIVER_FEATURES, 4, features & 0xFFFF_FFFFL);
      default -> EfiStep.done();
    };
  }

  /** Each of three addresses in two halves, then the queue is enabled. */
  private EfiStep setQueue(Call call) {
    EfiRam memory = call.firmware().memory();
    long ring = call.argument(1);
    if (!call.isFirst() && call.result() < 0) {
      return EfiStep.done(EfiStatus.DEVICE_ERROR);
    }
    if (call.isAt(SettingQueue.ENABLED)) {
      return EfiStep.done();
    }
    if (isLegacy(call)) {
      return write(call, SettingQueue.ENABLED, TransportRegisters.COMMON, OLD_QUEUE_PAGE, 4, memory.get64(ring + RING_BASE) >>> PAGE_SHIFT);
    }
    int half = (int) call.get(QueueSlot.HALVES);
    call.set(QueueSlot.HALVES, half + 1L);
    if (half == 2 * RING_PARTS.length) {
      return write(call, SettingQueue.ENABLED, TransportRegisters.COMMON, QUEUE_ENABLE, 2, 1);
    }
    long address = memory.get64(ring + RING_PARTS[half / 2]) + call.argument(2);
    return write(call, SettingQueue.HALF_WRITTEN, TransportRegisters.COMMON, QUEUE_ADDRESSES[half / 2] + 4 * (half % 2), 4, half % 2 == 0
        ? address & 0xFFFF_FFFFL
        : address >>> 32);
  }

  /** Where a queue is notified is said by a register of the queue (4.1.4.4); the queue that the caller has selected stays so. */
  private EfiStep notifyQueue(Call call) {
    if (!call.isFirst() && call.result() < 0) {
      return EfiStep.done(EfiStatus.DEVICE_ERROR);
    }
    long queue = call.argument(1) & 0xFFFF;
    long[] numbers = numbers(call);
    long selected = numbers[PciTransportLayer.SELECTED];
    switch (call.step(Notifying.ALL)) {
      case SELECT -> {
        return isLegacy(call) ? write(call, Notifying.NOTIFIED, TransportRegisters.COMMON, OLD_QUEUE_NOTIFY, 2, queue) : selected == queue
            + 1 ? read(call, Notifying.SEE_PLACE,
                TransportRegisters.COMMON, QUEUE_NOTIFY, 2) : write(call, Notifying.READ_PLACE, TransportRegisters.COMMON, QUEUE_SELECT, 2,
                    queue);
      }
      case READ_PLACE -> {
        return read(call, Notifying.SEE_PLACE, TransportRegisters.COMMON, QUEUE_NOTIFY, 2);
      }
      case SEE_PLACE -> {
        call.set(NotifySlot.PLACE, call.result() * numbers[PciTransportLayer.MULTIPLIER]);
        return selected == 0 || selected == queue + 1 ? new EfiStep.Go(Notifying.NOTIFY) : write(call, Notifying.NOTIFY,
            TransportRegisters.COMMON, QUEUE_SELECT, 2,
            selected - 1);
      }
      case NOTIFY -> {
        return write(call, Notifying.NOTIFIED, TransportRegisters.NOTIFY, call.get(NotifySlot.PLACE), 2, queue);
      }
      default -> {
        return EfiStep.done();
      }
    }
  }

  private static boolean isSize(long size) {
    return size == 1 || size == 2 || size == 4 || size == 8;
  }

  /** Where a byte of the device's own structure is. */
  private long place(Call call, long offset) {
    return isLegacy(call) ? OLD_DEVICE + offset : offset;
  }

  /** What a field of the device's own structure is refused with, or SUCCESS. A legacy device's end is its BAR's, which PciIo knows. */
  private EfiStatus field(Call call) {
    long offset = call.argument(1);
    long size = call.argument(2);
    if (!isSize(size)) {
      return EfiStatus.INVALID_PARAMETER;
    }
    return offset < 0 || !isLegacy(call) && offset > numbers(call)[PciTransportLayer.LENGTH] - size ? EfiStatus.UNSUPPORTED
        : EfiStatus.SUCCESS;
  }

  private static EfiStep fieldRefused(long status) {
    return EfiStep.done(status == EfiStatus.UNSUPPORTED.code() ? EfiStatus.UNSUPPORTED : EfiStatus.DEVICE_ERROR);
  }

  /** Arguments: this, offset, size, value. */
  private EfiStep writeDevice(Call call) {
    int size = (int) call.argument(2);
    if (field(call) != EfiStatus.SUCCESS) {
      return EfiStep.done(field(call));
    }
    if (!call.isFirst() && call.result() < 0) {
      return fieldRefused(call.result());
    }
    if (call.isAt(WritingDevice.WRITTEN)) {
      return EfiStep.done();
    }
    long at = place(call, call.argument(1));
    long value = call.argument(3);
    return call.isAt(WritingDevice.WRITE) ? write(call, size == 8 ? WritingDevice.WRITE_HIGH : WritingDevice.WRITTEN,
        TransportRegisters.DEVICE, at, Math.min(4, size), value & 0xFFFF_FFFFL)
        : write(call, WritingDevice.WRITTEN, TransportRegisters.DEVICE, at + 4, 4, value >>> 32);
  }

  /** Fields of 64 bits are read as two halves. Arguments: this, offset, size, the buffer's size, buffer. */
  private EfiStep readDevice(Call call) {
    EfiRam memory = call.firmware().memory();
    int size = (int) call.argument(2);
    if (field(call) != EfiStatus.SUCCESS || call.argument(3) != size) {
      return EfiStep.done(field(call) == EfiStatus.UNSUPPORTED ? EfiStatus.UNSUPPORTED : EfiStatus.INVALID_PARAMETER);
    }
    long at = place(call, call.argument(1));
    if (call.isAt(ReadingDevice.READ)) {
      return read(call, ReadingDevice.KEEP, TransportRegisters.DEVICE, at, Math.min(4, size));
    }
    if (call.result() < 0) {
      return fieldRefused(call.result());
    }
    PciAccess.put(memory, call.argument(4) + (call.isAt(ReadingDevice.KEEP_HIGH) ? 4 : 0), Math.min(4, size), call.result());
    return size == 8 && call.isAt(ReadingDevice.KEEP) ? read(call, Notifying.SEE_PLACE, TransportRegisters.DEVICE, at + 4, 4) : EfiStep
        .done();
  }

  /** PciIo's function with the same arguments: operation, address, bytes, device's address, mapping; or the mapping. */
  private EfiStep pci(Call call, int function) {
    long pci = numbers(call)[PciTransportLayer.PCI];
    return !call.isAt(AskOnce.ASK) ? EfiStep.done(call.result()) : EfiStep.call(AskOnce.ANSWERED, call.firmware().memory().get64(pci
        + function), pci, call
            .argument(1), call.argument(2), call.argument(3), call.argument(4), call.argument(5));
  }
}
