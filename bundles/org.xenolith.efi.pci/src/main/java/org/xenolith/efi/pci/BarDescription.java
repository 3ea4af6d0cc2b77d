// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.pci;

import org.xenolith.efi.api.EfiStatus;
import org.xenolith.efi.boot.api.BootService;
import org.xenolith.efi.boot.api.Call;
import org.xenolith.efi.boot.api.EfiRam;
import org.xenolith.efi.boot.api.EfiStep;
import org.xenolith.efi.boot.kit.InterfaceNumbers;

/** GetBarAttributes and SetBarAttributes (UEFI 2.10, 14.4): where the CPU sees a BAR. None has attributes that could be chosen. */
final class BarDescription {
  private static final int CONFIGURATION = 136;
  /** EfiBootServicesData. */
  private static final int BOOT_SERVICES_DATA = 4;
  private static final int SIZE = RootWindow.DESCRIPTOR + 2;
  /** Type-specific flags of memory that may be read ahead of what is wanted: bits 1 and 2. */
  private static final int PREFETCHABLE = 6;
  /** Numbers of GetBarAttributes: memory for an address, and how far the CPU's addresses are from the bus's. */
  private enum Slot {
    ROOM, OFFSET
  }

  private enum Step {
    READ_WINDOWS, ALLOCATE, DESCRIBE;

    private static final Step[] ALL = values();
  }

  private final PciBusLayer layer;

  BarDescription(PciBusLayer layer) {
    this.layer = layer;
  }

  /** Arguments: this, BAR, where the attributes go that can be chosen, where the address of the description goes, which the caller frees. */
  EfiStep get(Call call) {
    EfiRam memory = call.firmware().memory();
    long[] numbers = InterfaceNumbers.of(call, layer, FunctionProtocol.NUMBERS);
    Bar bar = Bar.of(numbers, call.argument(1));
    long to = call.argument(3);
    if (call.argument(2) == 0 && to == 0) {
      return EfiStep.done(EfiStatus.INVALID_PARAMETER);
    }
    if (bar == null) {
      return EfiStep.done(EfiStatus.UNSUPPORTED);
    }
    switch (call.step(Step.ALL)) {
      case READ_WINDOWS -> {
        if (call.argument(2) != 0) {
          memory.put64(call.argument(2), 0);
        }
        if (to == 0) {
          return EfiStep.done();
        }
        memory.put64(to, 0); // or there is no memory, before anything is allocated
        call.set(Slot.ROOM, call.room(8));
        long root = numbers[FunctionProtocol.ROOT];
        return EfiStep.call(Step.ALLOCATE, memory.get64(root + CONFIGURATION), root, call.get(Slot.ROOM));
      }
      case ALLOCATE -> {
        return call.result() == 0 ? offset(call, bar) : EfiStep.done(call.result());
      }
      default -> {
        if (call.result() == 0) {
          describe(memory, memory.get64(call.get(Slot.ROOM)), bar, call.get(Slot.OFFSET));
          memory.put64(to, memory.get64(call.get(Slot.ROOM)));
        }
        return EfiStep.done(call.result());
      }
    }
  }

  /** The offset of the window that it is in. */
  private static EfiStep offset(Call call, Bar bar) {
    EfiRam memory = call.firmware().memory();
    for (RootWindow window : RootWindow.read(memory, memory.get64(call.get(Slot.ROOM)))) {
      if (window.kind() == (bar.io() ? RootWindow.IO : RootWindow.MEMORY) && window.covers(bar.address(), bar.size())) {
        call.set(Slot.OFFSET, window.offset());
        return EfiStep.call(Step.DESCRIBE, call.firmware().service(BootService.ALLOCATE_POOL), BOOT_SERVICES_DATA, SIZE, call.get(
            Slot.ROOM));
      }
    }
    return EfiStep.done(EfiStatus.UNSUPPORTED);
  }

  private static void describe(EfiRam memory, long at, Bar bar, long offset) {
    long first = bar.address() - offset;
    memory.clear(at, SIZE);
    memory.put8(at, RootWindow.QWORD);
    memory.put16(at + 1, RootWindow.DESCRIPTOR - 3);
    memory.put8(at + 3, bar.io() ? RootWindow.IO : RootWindow.MEMORY);
    memory.put8(at + 5, bar.prefetchable() ? PREFETCHABLE : 0);
    memory.put64(at + 6, bar.wide() ? 64 : 32);
    memory.put64(at + 14, first);
    memory.put64(at + 22, first + bar.size() - 1);
    memory.put64(at + 30, offset);
    memory.put64(at + 38, bar.size());
    memory.put8(at + RootWindow.DESCRIPTOR, RootWindow.END);
  }

  /** Arguments: this, attributes, BAR, where the first byte that is to have them is said, where is said of how many. */
  EfiStep set(Call call) {
    EfiRam memory = call.firmware().memory();
    Bar bar = Bar.of(InterfaceNumbers.of(call, layer, FunctionProtocol.NUMBERS), call.argument(2));
    if (call.argument(3) == 0 || call.argument(4) == 0) {
      return EfiStep.done(EfiStatus.INVALID_PARAMETER);
    }
    if (bar == null || call.argument(1) != 0 || !bar.has(memory.get64(call.argument(3)), memory.get64(call.argument(4)))) {
      return EfiStep.done(EfiStatus.UNSUPPORTED);
    }
    return EfiStep.done();
  }
}
