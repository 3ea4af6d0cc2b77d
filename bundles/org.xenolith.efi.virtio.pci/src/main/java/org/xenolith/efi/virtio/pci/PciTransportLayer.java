// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.virtio.pci;

import org.xenolith.efi.api.EfiGuid;
import org.xenolith.efi.api.EfiStatus;
import org.xenolith.efi.boot.api.AskOnce;
import org.xenolith.efi.boot.api.Call;
import org.xenolith.efi.boot.api.EfiFunction;
import org.xenolith.efi.boot.api.EfiRam;
import org.xenolith.efi.boot.api.EfiStep;
import org.xenolith.efi.boot.api.Firmware;
import org.xenolith.efi.boot.api.Protocol;
import org.xenolith.efi.boot.kit.DriverLayer;
import org.xenolith.efi.boot.kit.EfiVirtioTransport;
import org.xenolith.efi.boot.kit.PciAccess;

/** edk2's protocol for virtio devices on PCI functions, modern and legacy (Virtio 1.2, 4.1), by EFI_PCI_IO_PROTOCOL. */
final class PciTransportLayer extends DriverLayer {
  private static final int VENDOR = 0x1AF4;
  private static final int FIRST = 0x1000;
  private static final int MODERN = 0x1040;
  private static final int LAST = 0x107F;
  private static final int SUBSYSTEM = 0x2E;
  private static final int CAPABILITIES = 0x34;
  private static final int VENDOR_SPECIFIC = 9;
  private static final int MOST_CAPABILITIES = 48;
  private static final int READ_CONFIGURATION = 48;
  private static final int ATTRIBUTES = 120;
  private static final int ENABLE = 2;
  private static final int IO_MEMORY_MASTER = 0x700;
  // Numbers of the protocol: PCI_IO, whether it is legacy, what notifications are multiplied by, BAR and offset of four structures, which
  // were found, bytes of the device's own, the queue that is selected, plus one; 0: nobody knows; and pages that are given.
  static final int PCI = 0;
  static final int LEGACY = 1;
  static final int MULTIPLIER = 2;
  static final int STRUCTURES = 3;
  private static final int KINDS = 4;
  static final int LENGTH = STRUCTURES + 2 * KINDS + 1;
  static final int SELECTED = LENGTH + 1;
  static final int GIVEN = SELECTED + 1;
  static final int NUMBERS = GIVEN + 1;
  /** Bits of the structures that were found. */
  private static final int FOUND = STRUCTURES + 2 * KINDS;
  private static final int ALL = 1 << TransportRegisters.COMMON | 1 << TransportRegisters.NOTIFY | 1 << TransportRegisters.DEVICE;
  /** Numbers of Start: the interface, memory for registers, where a capability is and how many were looked at, the kind of device. */
  private enum Slot {
    DEVICE, ROOM, AT, STEPS, IDENTITY
  }

  private enum Starting {
    ENABLE, READ_IDENTITY, READ_SUBSYSTEM, READ_CAPABILITIES, FIRST_CAPABILITY, SEE_CAPABILITY;

    private static final Starting[] ALL = values();
  }

  private final TransportRegisters registers = new TransportRegisters(this);
  private final TransportFunctions functions = new TransportFunctions(this);

  @Override
  public String name() {
    return "efi.virtio.pci";
  }

  @Override
  public int version() {
    return 4;
  }

  @Override
  protected String title() {
    return "Virtio PCI Transport Driver";
  }

  private static EfiStep configuration(Call call, Enum<?> next, long pci, int width, long offset, long count, long to) {
    return EfiStep.call(next, call.firmware().memory().get64(pci + READ_CONFIGURATION), pci, width, offset, count, to);
  }

  @Override
  public EfiGuid managed() {
    return Protocol.PCI_IO;
  }

  @Override
  protected EfiStep supported(Call call, long driver, long controller, long remaining) {
    if (call.isAt(AskOnce.ASK)) {
      long pci = tryOpen(call, driver, controller, Protocol.PCI_IO);
      call.set(Slot.ROOM, call.room(8));
      return configuration(call, AskOnce.ANSWERED, pci, PciAccess.WIDTH_16, 0, 2, call.get(Slot.ROOM));
    }
    EfiRam memory = call.firmware().memory();
    int device = memory.get16(call.get(Slot.ROOM) + 2);
    boolean virtio = call.result() == 0 && memory.get16(call.get(Slot.ROOM)) == VENDOR && device >= FIRST && device <= LAST;
    return EfiStep.done(virtio ? EfiStatus.SUCCESS : EfiStatus.UNSUPPORTED);
  }

  @Override
  protected EfiStep start(Call call, long driver, long controller, long remaining) {
    Firmware firmware = call.firmware();
    EfiRam memory = firmware.memory();
    if (call.isAt(Starting.ENABLE)) {
      long pci = open(call, driver, controller, Protocol.PCI_IO);
      call.set(Slot.DEVICE, firmware.interfaceMemory(this, EfiVirtioTransport.SIZE, NUMBERS));
      call.set(Slot.ROOM, call.room(32));
      firmware.numbers(this, call.get(Slot.DEVICE))[PCI] = pci;
      return EfiStep.call(Starting.READ_IDENTITY, memory.get64(pci + ATTRIBUTES), pci, ENABLE, IO_MEMORY_MASTER, 0);
    }
    long[] numbers = firmware.numbers(this, call.get(Slot.DEVICE));
    long pci = numbers[PCI];
    long room = call.get(Slot.ROOM);
    if (call.result() != 0) {
      return EfiStep.done(EfiStatus.DEVICE_ERROR);
    }
    switch (call.step(Starting.ALL)) {
      case READ_IDENTITY -> {
        return configuration(call, Starting.READ_SUBSYSTEM, pci, PciAccess.WIDTH_16, 2, 1, room);
      }
      case READ_SUBSYSTEM -> {
        call.set(Slot.IDENTITY, memory.get16(room));
        return configuration(call, Starting.READ_CAPABILITIES, pci, PciAccess.WIDTH_16, SUBSYSTEM, 1, room);
      }
      case READ_CAPABILITIES -> {
        call.set(Slot.IDENTITY, call.get(Slot.IDENTITY) >= MODERN ? call.get(Slot.IDENTITY) - MODERN : memory.get16(room));
        return configuration(call, Starting.FIRST_CAPABILITY, pci, PciAccess.WIDTH_8, CAPABILITIES, 1, room);
      }
      case FIRST_CAPABILITY -> {
        return capability(call, controller, pci, numbers, memory.get8(room) & 0xFC);
      }
      default -> {
        if (memory.get8(room) == VENDOR_SPECIFIC) {
          note(memory, room, numbers);
        }
        return capability(call, controller, pci, numbers, memory.get8(room + 1) & 0xFC);
      }
    }
  }

  /** The next of the list of capabilities, or its end (PCI Local Bus 3.0, 6.7). */
  private EfiStep capability(Call call, long controller, long pci, long[] numbers, int at) {
    call.set(Slot.STEPS, call.get(Slot.STEPS) + 1);
    call.set(Slot.AT, at);
    if (at >= 0x40 && call.get(Slot.STEPS) < MOST_CAPABILITIES) {
      return configuration(call, Starting.SEE_CAPABILITY, pci, PciAccess.WIDTH_32, at, Math.min(5, (256 - at) / 4), call.get(Slot.ROOM));
    }
    Firmware firmware = call.firmware();
    EfiRam memory = firmware.memory();
    long device = call.get(Slot.DEVICE);
    numbers[LEGACY] = (numbers[FOUND] & ALL) == ALL ? 0 : 1;
    memory.put32(device, numbers[LEGACY] != 0 ? EfiVirtioTransport.LEGACY_REVISION : EfiVirtioTransport.MODERN_REVISION);
    memory.put32(device + 4, call.get(Slot.IDENTITY));
    pointers(firmware, device + EfiVirtioTransport.FUNCTIONS, EfiVirtioTransport.functions());
    firmware.handles().install(controller, Protocol.VIRTIO_DEVICE, device);
    return EfiStep.done();
  }

  /** Notes the first structure of each kind (4.1.4): kind at byte 3, BAR at 4, offset at 8, bytes at 12, the multiplier at 16. */
  private static void note(EfiRam memory, long room, long[] numbers) {
    int kind = memory.get8(room + 3) - 1;
    if (kind >= 0 && kind < KINDS && (numbers[FOUND] & 1 << kind) == 0) {
      numbers[FOUND] |= 1 << kind;
      numbers[STRUCTURES + 2 * kind] = memory.get8(room + 4);
      numbers[STRUCTURES + 2 * kind + 1] = memory.get32(room + 8);
      if (kind == TransportRegisters.NOTIFY) {
        numbers[MULTIPLIER] = memory.get32(room + 16);
      }
      if (kind == TransportRegisters.DEVICE) {
        numbers[LENGTH] = memory.get32(room + 12);
      }
    }
  }

  @Override
  protected EfiStep stop(Call call, long driver, long controller, long[] children) {
    return leave(call, driver, controller, Protocol.PCI_IO, Protocol.VIRTIO_DEVICE);
  }

  @Override
  protected void release(Firmware firmware, long place) {
    EfiVirtioTransport.forget(firmware, this, place, GIVEN);
    super.release(firmware, place);
  }

  @Override
  protected EfiFunction other(String name) {
    return switch (name) {
      case "Read" -> registers::read;
      case "Write" -> registers::write;
      default -> functions.function(name);
    };
  }
}
