// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.pci;

import org.xenolith.efi.boot.api.Call;
import org.xenolith.efi.boot.api.EfiRam;
import org.xenolith.efi.boot.api.EfiStep;
import org.xenolith.efi.boot.api.OnError;

/**
 * Finds the functions of a bus and of those behind its bridges, which get their numbers (PCI-to-PCI Bridge 1.2, 3.2.5). Arguments: root bridge, table,
 * bus, number of the bridge in front of it.
 */
final class PciBusScan {
  private static final int CLASS = 8;
  private static final int BUSES = 0x18;
  private static final int SLOTS = 256;
  private static final int BRIDGE = 1;
  /** Numbers of the call: device and function, memory for registers, the function's entry, whether the device has several functions. */
  private enum Slot {
    SLOT, ROOM, ENTRY, SEVERAL
  }

  /** Steps: each function's identity and class are read; behind a bridge its bus is numbered, looked at, and the last bus behind it written. */
  private enum Step {
    BEGIN(OnError.IGNORE), READ_IDENTITY(OnError.IGNORE), SEE_IDENTITY(OnError.FAIL), SEE_CLASS(OnError.FAIL), SCAN_BEHIND(
        OnError.FAIL), WRITE_LAST_BUS(OnError.FAIL), BEHIND_IS_KNOWN(OnError.FAIL);

    private static final Step[] ALL = values();
    private final OnError onError;

    Step(OnError onError) {
      this.onError = onError;
    }
  }

  private final PciBusLayer layer;

  PciBusScan(PciBusLayer layer) {
    this.layer = layer;
  }

  EfiStep next(Call call) {
    EfiRam memory = call.firmware().memory();
    long root = call.argument(0);
    long table = call.argument(1);
    long here = call.argument(2) << 8 | call.get(Slot.SLOT);
    long room = call.get(Slot.ROOM);
    Step step = call.step(Step.ALL);
    if (call.result() != 0 && step.onError == OnError.FAIL) {
      return EfiStep.done(call.result());
    }
    switch (step) {
      case BEGIN -> {
        call.set(Slot.ROOM, call.room(16));
        return FunctionTable.read(call, Step.SEE_IDENTITY, root, here, 0, 1, call.get(Slot.ROOM));
      }
      case READ_IDENTITY -> {
        long slot = call.get(Slot.SLOT) + 1;
        call.set(Slot.SLOT, call.get(Slot.SEVERAL) == 0 ? slot + 7 & ~7 : slot);
        return call.get(Slot.SLOT) >= SLOTS ? EfiStep.done() : FunctionTable.read(call, Step.SEE_IDENTITY, root, call.argument(2) << 8
            | call.get(Slot.SLOT), 0, 1,
            room);
      }
      case SEE_IDENTITY -> {
        long id = memory.get32(room);
        if ((call.get(Slot.SLOT) & 7) == 0) {
          call.set(Slot.SEVERAL, 0);
        }
        if ((id & 0xFFFF) == 0xFFFF || id == 0) {
          return new EfiStep.Go(Step.READ_IDENTITY);
        }
        if (FunctionTable.count(memory, table) == FunctionTable.MOST) {
          call.firmware().report("PCI: more than " + FunctionTable.MOST + " functions; the others are left out");
          return EfiStep.done();
        }
        call.set(Slot.ENTRY, FunctionTable.entry(table, FunctionTable.count(memory, table)));
        memory.put32(call.get(Slot.ENTRY) + FunctionTable.ID, id);
        memory.put32(call.get(Slot.ENTRY) + FunctionTable.ADDRESS, here);
        return FunctionTable.read(call, Step.SEE_CLASS, root, here, CLASS, 2, room);
      }
      case SEE_CLASS -> {
        return found(call, room, here);
      }
      case SCAN_BEHIND -> {
        long secondary = memory.get32(call.get(Slot.ENTRY) + FunctionTable.SECONDARY);
        long number = (call.get(Slot.ENTRY) - FunctionTable.entry(table, 0)) / FunctionTable.ENTRY + 1;
        return EfiStep.call(Step.WRITE_LAST_BUS, call.firmware().function(layer, "Scan"), root, table, secondary, number);
      }
      case WRITE_LAST_BUS -> {
        memory.put32(call.get(Slot.ENTRY) + FunctionTable.END, FunctionTable.count(memory, table));
        return FunctionTable.write(call, Step.BEHIND_IS_KNOWN, root, here, BUSES, buses(memory, call, memory.get64(table
            + FunctionTable.LAST_BUS)), room);
      }
      default -> {
        return new EfiStep.Go(Step.READ_IDENTITY);
      }
    }
  }

  private static EfiStep found(Call call, long room, long here) {
    EfiRam memory = call.firmware().memory();
    long table = call.argument(1);
    long entry = call.get(Slot.ENTRY);
    long header = memory.get8(room + 6);
    if ((call.get(Slot.SLOT) & 7) == 0) {
      call.set(Slot.SEVERAL, header >>> 7);
    }
    memory.put32(entry + FunctionTable.CLASS, memory.get32(room) >>> 8);
    memory.put32(entry + FunctionTable.HEADER, header & 0x7F);
    memory.put32(entry + FunctionTable.PARENT, call.argument(3));
    long count = FunctionTable.count(memory, table) + 1;
    memory.put64(table + FunctionTable.COUNT, count);
    memory.put32(entry + FunctionTable.END, count);
    long last = memory.get64(table + FunctionTable.LAST_BUS);
    if ((header & 0x7F) != BRIDGE) {
      return new EfiStep.Go(Step.READ_IDENTITY);
    }
    if (last == memory.get64(table + FunctionTable.MOST_BUS)) {
      call.firmware().report("PCI: there is no bus number left for what is behind a bridge");
      return new EfiStep.Go(Step.READ_IDENTITY);
    }
    memory.put64(table + FunctionTable.LAST_BUS, last + 1);
    memory.put32(entry + FunctionTable.SECONDARY, last + 1);
    return FunctionTable.write(call, Step.SCAN_BEHIND, call.argument(0), here, BUSES, buses(memory, call, 0xFF), room);
  }

  /** Primary, secondary and subordinate bus. */
  private static long buses(EfiRam memory, Call call, long subordinate) {
    return call.argument(2) | memory.get32(call.get(Slot.ENTRY) + FunctionTable.SECONDARY) << 8 | subordinate << 16;
  }
}
