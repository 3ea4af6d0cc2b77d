// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.pci;

import org.xenolith.efi.api.EfiStatus;
import org.xenolith.efi.boot.api.Call;
import org.xenolith.efi.boot.api.EfiFunction;
import org.xenolith.efi.boot.api.EfiRam;
import org.xenolith.efi.boot.api.EfiStep;
import org.xenolith.efi.boot.api.Firmware;
import org.xenolith.efi.boot.api.Protocol;
import org.xenolith.efi.boot.kit.BusDriverLayer;
import org.xenolith.efi.boot.kit.DevicePath;

/** EFI_PCI_IO_PROTOCOL on a handle for each function behind a root bridge, whichever that is. It numbers buses and places BARs by itself. */
final class PciBusLayer extends BusDriverLayer {
  private static final int CONFIGURATION = 136;
  /** What is never given away, so that 0 means none: the first 64 KiB of memory and 4 KiB of I/O. */
  private static final long FIRST_MEMORY = 0x1_0000;
  private static final long FIRST_IO = 0x1000;
  /** Numbers of Start: the root bridge, the table, memory for an address. */
  private enum Slot {
    ROOT, TABLE, ROOM
  }

  private enum Starting {
    READ_APERTURES, SCAN, PLACE, PUBLISH;

    private static final Starting[] ALL = values();
  }

  private final PciBusScan scan = new PciBusScan(this);
  private final FunctionProtocol protocol = new FunctionProtocol(this);

  PciBusLayer() {
    super(Protocol.PCI_ROOT_BRIDGE_IO, Protocol.PCI_IO);
  }

  @Override
  public String name() {
    return "efi.pci";
  }

  @Override
  public int version() {
    return 3;
  }

  @Override
  protected String title() {
    return "PCI Bus Driver";
  }

  @Override
  protected EfiStep start(Call call, long driver, long controller, long remaining) {
    Firmware firmware = call.firmware();
    EfiRam memory = firmware.memory();
    long root = call.get(Slot.ROOT);
    long table = call.get(Slot.TABLE);
    if (!call.isFirst() && call.result() != 0) {
      return EfiStep.done(EfiStatus.DEVICE_ERROR);
    }
    switch (call.step(Starting.ALL)) {
      case READ_APERTURES -> {
        root = open(call, driver, controller, Protocol.PCI_ROOT_BRIDGE_IO);
        call.set(Slot.ROOT, root);
        call.set(Slot.TABLE, firmware.pages(FunctionTable.PAGES));
        call.set(Slot.ROOM, call.room(8));
        return EfiStep.call(Starting.SCAN, memory.get64(root + CONFIGURATION), root, call.get(Slot.ROOM));
      }
      case SCAN -> {
        long first = apertures(memory, memory.get64(call.get(Slot.ROOM)), table);
        return EfiStep.call(Starting.PLACE, firmware.function(this, "Scan"), root, table, first, 0);
      }
      case PLACE -> {
        return EfiStep.call(Starting.PUBLISH, firmware.function(this, "Place"), root, table);
      }
      default -> {
        for (long number = 0; number < FunctionTable.count(memory, table); number++) {
          add(firmware, driver, controller, root, table, number);
        }
        firmware.freePages(table, FunctionTable.PAGES);
        return EfiStep.done();
      }
    }
  }

  /** Notes what the root bridge has to give, as devices see it; its first bus. */
  private static long apertures(EfiRam memory, long at, long table) {
    long first = 0;
    for (RootWindow window : RootWindow.read(memory, at)) {
      long base = window.bus();
      long end = base + window.size();
      if (window.kind() == RootWindow.BUSES) {
        first = base;
        memory.put64(table + FunctionTable.LAST_BUS, base);
        memory.put64(table + FunctionTable.MOST_BUS, end - 1);
      } else {
        boolean io = window.kind() == RootWindow.IO;
        int where = io ? FunctionTable.IO : window.wide() ? FunctionTable.MEMORY_64 : FunctionTable.MEMORY_32;
        memory.put64(table + where, Math.max(base, io ? FIRST_IO : FIRST_MEMORY));
        memory.put64(table + where + 8, end);
      }
    }
    return first;
  }

  private void add(Firmware firmware, long driver, long controller, long root, long table, long number) {
    EfiRam memory = firmware.memory();
    long entry = FunctionTable.entry(table, number);
    long function = firmware.interfaceMemory(this, FunctionProtocol.SIZE, FunctionProtocol.NUMBERS);
    long[] numbers = firmware.numbers(this, function);
    numbers[FunctionProtocol.ROOT] = root;
    numbers[FunctionProtocol.ADDRESS] = memory.get32(entry + FunctionTable.ADDRESS);
    for (int i = 0; i < 12; i++) {
      numbers[FunctionProtocol.BARS + i] = memory.get64(entry + FunctionTable.BARS + 8L * i);
    }
    pointers(firmware, function, FunctionProtocol.NAMES);
    child(firmware, driver, controller, path(firmware, controller, table, number), function);
  }

  /** The bridges in front of it, and itself. */
  private static DevicePath path(Firmware firmware, long controller, long table, long number) {
    EfiRam memory = firmware.memory();
    long entry = FunctionTable.entry(table, number);
    long parent = memory.get32(entry + FunctionTable.PARENT);
    DevicePath before = parent == 0 ? path(firmware, controller) : path(firmware, controller, table, parent - 1);
    long address = memory.get32(entry + FunctionTable.ADDRESS);
    return before.node(DevicePath.HARDWARE, 1, new byte[] {(byte) (address & 7), (byte) (address >>> 3 & 31)});
  }

  @Override
  protected EfiFunction other(String name) {
    return switch (name) {
      case "Scan" -> scan::next;
      case "Place" -> BarPlacing::next;
      default -> protocol.function(name);
    };
  }
}
