// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.xenio.pci;

import java.util.List;
import org.xenolith.efi.api.EfiGuid;
import org.xenolith.efi.api.EfiStatus;
import org.xenolith.efi.boot.api.AskOnce;
import org.xenolith.efi.boot.api.BootService;
import org.xenolith.efi.boot.api.Call;
import org.xenolith.efi.boot.api.EfiError;
import org.xenolith.efi.boot.api.EfiFunction;
import org.xenolith.efi.boot.api.EfiRam;
import org.xenolith.efi.boot.api.EfiStep;
import org.xenolith.efi.boot.api.Firmware;
import org.xenolith.efi.boot.api.Protocol;
import org.xenolith.efi.boot.kit.DriverLayer;
import org.xenolith.efi.boot.kit.PciAccess;
import org.xenolith.fdt.FdtNode;
import org.xenolith.fdt.FdtProperty;

/**
 * XENIO on the handle of Xen's platform device, whose BAR 1 is room for the grant table. It carries that address and nothing else: hypercalls are
 * the processor's, and whether there is a hypervisor the device tree says, as anybody can plug such a device in.
 */
final class XenIoPciLayer extends DriverLayer {
  /** Device 1 of vendor 5853 (the PCI ID repository). */
  private static final long IDENTITY = 0x0001_5853;
  private static final int BAR = 1;
  /** Frames of the grant table that XenBus maps, edk2's as well as ours. */
  private static final long LEAST = 4 * 4096;
  private static final int READ_CONFIGURATION = 48;
  private static final int GET_BAR_ATTRIBUTES = 128;
  /** First byte of an address space descriptor (ACPI 6.5, 6.4.3.5.1), and the kind that memory is. */
  private static final int QWORD = 0x8A;
  private static final int MEMORY = 0;
  private static final int SIZE = 8;
  /** Numbers of Start: memory for a pointer, the place of BAR 1. */
  private enum Slot {
    ROOM, BASE
  }

  private enum Starting {
    READ_PLACE, SEE_PLACE, PUBLISH;

    private static final Starting[] ALL = values();
  }

  @Override
  public String name() {
    return "efi.xenio.pci";
  }

  @Override
  public int version() {
    return 2;
  }

  @Override
  protected String title() {
    return "XenIo PCI Driver";
  }

  private static boolean isXen(FdtNode node) {
    return node.property("compatible").map(FdtProperty::strings).orElse(List.of()).contains("xen,xen") || node.children().stream()
        .anyMatch(XenIoPciLayer::isXen);
  }

  @Override
  public EfiGuid managed() {
    return Protocol.PCI_IO;
  }

  @Override
  protected EfiStep supported(Call call, long driver, long controller, long remaining) {
    EfiRam memory = call.firmware().memory();
    if (call.isAt(AskOnce.ASK)) {
      long pci = tryOpen(call, driver, controller, Protocol.PCI_IO);
      if (!isXen(call.firmware().tree().root())) {
        return EfiStep.done(EfiStatus.UNSUPPORTED);
      }
      call.set(Slot.ROOM, call.room(8));
      return EfiStep.call(AskOnce.ANSWERED, memory.get64(pci + READ_CONFIGURATION), pci, PciAccess.WIDTH_32, 0, 1, call.get(Slot.ROOM));
    }
    return EfiStep.done(call.result() == 0 && memory.get32(call.get(Slot.ROOM)) == IDENTITY ? EfiStatus.SUCCESS : EfiStatus.UNSUPPORTED);
  }

  @Override
  protected EfiStep start(Call call, long driver, long controller, long remaining) {
    Firmware firmware = call.firmware();
    EfiRam memory = firmware.memory();
    switch (call.step(Starting.ALL)) {
      case READ_PLACE -> {
        long pci = open(call, driver, controller, Protocol.PCI_IO);
        call.set(Slot.ROOM, call.room(8));
        return EfiStep.call(Starting.SEE_PLACE, memory.get64(pci + GET_BAR_ATTRIBUTES), pci, BAR, 0, call.get(Slot.ROOM));
      }
      case SEE_PLACE -> {
        if (call.result() != 0) {
          return refused(call, "has no place: " + EfiStatus.of(call.result()));
        }
        long described = memory.get64(call.get(Slot.ROOM));
        String wrong;
        try {
          call.set(Slot.BASE, memory.get64(described + 14));
          wrong = wrong(memory, described);
        } catch (EfiError e) {
          return refused(call, "is described at 0x" + Long.toHexString(described) + ", where there is no memory");
        }
        if (wrong != null) {
          firmware.report(sentence(wrong));
          call.set(Slot.BASE, 0);
        }
        return EfiStep.call(Starting.PUBLISH, firmware.service(BootService.FREE_POOL), described);
      }
      default -> {
        if (call.get(Slot.BASE) == 0) {
          return EfiStep.done(EfiStatus.UNSUPPORTED);
        }
        long at = firmware.interfaceMemory(this, SIZE, 0);
        memory.put64(at, call.get(Slot.BASE));
        firmware.handles().install(controller, Protocol.XEN_IO, at);
        return EfiStep.done();
      }
    }
  }

  /** What a description of BAR 1 has that a place for a grant table hasn't; null if nothing. */
  private static String wrong(EfiRam memory, long described) {
    long base = memory.get64(described + 14);
    long size = memory.get64(described + 38);
    if (memory.get8(described) != QWORD) {
      return "is described by 0x" + Integer.toHexString(memory.get8(described)) + "; expected an address space descriptor";
    }
    if (memory.get8(described + 3) != MEMORY) {
      return "is of kind " + memory.get8(described + 3) + "; expected memory";
    }
    if (base == 0 || (base & 0xFFF) != 0) {
      return "at 0x" + Long.toHexString(base) + " is no place for a grant table; expected whole pages";
    }
    return Long.compareUnsigned(size, LEAST) < 0 ? "has 0x" + Long.toHexString(size) + " bytes; expected 0x" + Long.toHexString(LEAST)
        + " for a grant table or more" : null;
  }

  private static String sentence(String wrong) {
    return "Xen platform device: its BAR " + BAR + ' ' + wrong;
  }

  private static EfiStep refused(Call call, String wrong) {
    call.firmware().report(sentence(wrong));
    return EfiStep.done(EfiStatus.UNSUPPORTED);
  }

  @Override
  protected EfiStep stop(Call call, long driver, long controller, long[] children) {
    return leave(call, driver, controller, Protocol.PCI_IO, Protocol.XEN_IO);
  }

  @Override
  protected EfiFunction other(String name) {
    return null;
  }
}
