// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.pci;

import org.xenolith.efi.boot.api.Call;
import org.xenolith.efi.boot.api.EfiRam;
import org.xenolith.efi.boot.api.EfiStep;

/**
 * Finds the functions of a bus and of those behind its bridges, which get their numbers (PCI-to-PCI Bridge 1.2, 3.2.5). Arguments: root bridge, table,
 * bus, number of the bridge in front of it.
 */
final class PciBusScan {
  private static final int CLASS = 8;
  private static final int BUSES = 0x18;
  private static final int SLOTS = 256;
  private static final int BRIDGE = 1;
  // Numbers of the call: device and function, room, the function's entry, whether the device has several functions.
  private static final int SLOT = 0;
  private static final int ROOM = 1;
  private static final int ENTRY = 2;
  private static final int SEVERAL = 3;

  private final PciBusLayer layer;

  PciBusScan(PciBusLayer layer) {
    this.layer = layer;
  }

  EfiStep next(Call call) {
    EfiRam memory = call.firmware().memory();
    long root = call.argument(0);
    long table = call.argument(1);
    long here = call.argument(2) << 8 | call.get(SLOT);
    long room = call.get(ROOM);
    if (call.step() > 1 && call.result() != 0) {
      return EfiStep.done(call.result());
    }
    switch (call.step()) {
      case 0 -> {
        call.set(ROOM, call.room(16));
        return FunctionTable.read(call, 2, root, here, 0, 1, call.get(ROOM));
      }
      case 1 -> {
        long slot = call.get(SLOT) + 1;
        call.set(SLOT, call.get(SEVERAL) == 0 ? slot + 7 & ~7 : slot);
        return call.get(SLOT) >= SLOTS ? EfiStep.done() : FunctionTable.read(call, 2, root, call.argument(2) << 8 | call.get(SLOT), 0, 1,
            room);
      }
      case 2 -> {
        long id = memory.get32(room);
        if ((call.get(SLOT) & 7) == 0) {
          call.set(SEVERAL, 0);
        }
        if ((id & 0xFFFF) == 0xFFFF || id == 0) {
          return new EfiStep.Go(1);
        }
        if (FunctionTable.count(memory, table) == FunctionTable.MOST) {
          call.firmware().report("PCI: more than " + FunctionTable.MOST + " functions; the others are left out");
          return EfiStep.done();
        }
        call.set(ENTRY, FunctionTable.entry(table, FunctionTable.count(memory, table)));
        memory.put32(call.get(ENTRY) + FunctionTable.ID, id);
        memory.put32(call.get(ENTRY) + FunctionTable.ADDRESS, here);
        return FunctionTable.read(call, 3, root, here, CLASS, 2, room);
      }
      case 3 -> {
        return found(call, room, here);
      }
      case 4 -> {
        long secondary = memory.get32(call.get(ENTRY) + FunctionTable.SECONDARY);
        long number = (call.get(ENTRY) - FunctionTable.entry(table, 0)) / FunctionTable.ENTRY + 1;
        return EfiStep.call(5, call.firmware().function(layer, "Scan"), root, table, secondary, number);
      }
      case 5 -> {
        memory.put32(call.get(ENTRY) + FunctionTable.END, FunctionTable.count(memory, table));
        return FunctionTable.write(call, 6, root, here, BUSES, buses(memory, call, memory.get64(table + FunctionTable.LAST_BUS)), room);
      }
      default -> {
        return new EfiStep.Go(1);
      }
    }
  }

  private static EfiStep found(Call call, long room, long here) {
    EfiRam memory = call.firmware().memory();
    long table = call.argument(1);
    long entry = call.get(ENTRY);
    long header = memory.get8(room + 6);
    if ((call.get(SLOT) & 7) == 0) {
      call.set(SEVERAL, header >>> 7);
    }
    memory.put32(entry + FunctionTable.CLASS, memory.get32(room) >>> 8);
    memory.put32(entry + FunctionTable.HEADER, header & 0x7F);
    memory.put32(entry + FunctionTable.PARENT, call.argument(3));
    long count = FunctionTable.count(memory, table) + 1;
    memory.put64(table + FunctionTable.COUNT, count);
    memory.put32(entry + FunctionTable.END, count);
    long last = memory.get64(table + FunctionTable.LAST_BUS);
    if ((header & 0x7F) != BRIDGE) {
      return new EfiStep.Go(1);
    }
    if (last == memory.get64(table + FunctionTable.MOST_BUS)) {
      call.firmware().report("PCI: there is no bus number left for what is behind a bridge");
      return new EfiStep.Go(1);
    }
    memory.put64(table + FunctionTable.LAST_BUS, last + 1);
    memory.put32(entry + FunctionTable.SECONDARY, last + 1);
    return FunctionTable.write(call, 4, call.argument(0), here, BUSES, buses(memory, call, 0xFF), room);
  }

  /** Primary, secondary and subordinate bus. */
  private static long buses(EfiRam memory, Call call, long subordinate) {
    return call.argument(2) | memory.get32(call.get(ENTRY) + FunctionTable.SECONDARY) << 8 | subordinate << 16;
  }
}
