// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.manager;

import java.nio.charset.StandardCharsets;
import org.xenolith.efi.api.EfiGuid;
import org.xenolith.efi.api.EfiStatus;
import org.xenolith.efi.boot.api.AskOnce;
import org.xenolith.efi.boot.api.Call;
import org.xenolith.efi.boot.api.Firmware;
import org.xenolith.efi.boot.api.EfiRam;
import org.xenolith.efi.boot.api.EfiStep;

/** Starts what the variables BootNext and BootOrder name (UEFI 2.10, 3.1.2 and 3.3). */
final class LoadOptions {
  private static final int RUNTIME_SERVICES = 88;
  private static final int GET_VARIABLE = 72;
  private static final int SET_VARIABLE = 88;
  private static final int ROOM = 4096;
  private static final int ORDER_ROOM = 512;
  private static final int PATH_ROOM = 2048;
  private static final int NAME_ROOM = 64;
  private static final int ACTIVE = 1;
  /** EFI_VARIABLE_BOOTSERVICE_ACCESS and _RUNTIME_ACCESS. */
  private static final int BOOT_AND_RUNTIME = 6;
  private static final int MOST = ORDER_ROOM / 2;

  /**
   * Numbers of BootOptions: memory for the order and for an option; how many entries the order has, and which is next; of the option that is tried, where its paths
   * and its own data are, and how much of those.
   */
  private enum Slot {
    ORDER, OPTION, COUNT, NEXT, PATHS, REST_AT, REST
  }

  /** Steps of BootOptions. */
  private enum Step {
    /** BootNext is read, deleted, and put before the order. */
    READ_NEXT, SEE_NEXT, READ_ORDER_BEHIND_NEXT, READ_ORDER, SEE_ORDER,
    /** Each option is read, said to be the current one, and started; behind the last one none is current. */
    READ_OPTION, SEE_OPTION, START, OVER;

    private static final Step[] ALL = values();
  }

  /** Number of GetVariable: memory for the size and the vendor. */
  private enum VariableSlot {
    ROOM
  }

  private final ManagerLayer layer;

  LoadOptions(ManagerLayer layer) {
    this.layer = layer;
  }

  /** Arguments: address of the name, room for the data, and its bytes. Returns how many there are; 0 if there is no such variable. */
  EfiStep variable(Call call) {
    Firmware firmware = call.firmware();
    EfiRam memory = firmware.memory();
    if (call.isAt(AskOnce.ASK)) {
      long room = call.room(32);
      call.set(VariableSlot.ROOM, room);
      memory.put64(room, call.argument(2));
      memory.write(room + 16, EfiGuid.GLOBAL_VARIABLE.toBytes());
      long services = memory.get64(firmware.systemTable() + RUNTIME_SERVICES);
      return EfiStep.call(AskOnce.ANSWERED, memory.get64(services + GET_VARIABLE), call.argument(0), room + 16, 0, room, call.argument(1));
    }
    return EfiStep.done(call.result() == 0 ? memory.get64(call.get(VariableSlot.ROOM)) : 0);
  }

  private EfiStep get(Call call, Step next, String name, long to, int room) {
    Firmware firmware = call.firmware();
    long at = call.get(Slot.OPTION) + ROOM;
    firmware.memory().write(at, (name + '\0').getBytes(StandardCharsets.UTF_16LE));
    return EfiStep.call(next, firmware.function(layer, "GetVariable"), at, to, room);
  }

  EfiStep boot(Call call) {
    Firmware firmware = call.firmware();
    EfiRam memory = firmware.memory();
    switch (call.step(Step.ALL)) {
      case READ_NEXT -> {
        call.set(Slot.ORDER, call.room(ORDER_ROOM + 2));
        call.set(Slot.OPTION, call.room(ROOM + NAME_ROOM + EfiGuid.SIZE + PATH_ROOM));
        return get(call, Step.SEE_NEXT, "BootNext", call.get(Slot.ORDER), 2);
      }
      case SEE_NEXT -> {
        call.set(Slot.COUNT, call.result() == 2 ? 1 : 0);
        return call.get(Slot.COUNT) == 0 ? new EfiStep.Go(Step.READ_ORDER) : set(call, Step.READ_ORDER_BEHIND_NEXT, "BootNext", 0, 0, 0);
      }
      case READ_ORDER_BEHIND_NEXT -> {
        return get(call, Step.SEE_ORDER, "BootOrder", call.get(Slot.ORDER) + 2, ORDER_ROOM);
      }
      case READ_ORDER -> {
        return get(call, Step.SEE_ORDER, "BootOrder", call.get(Slot.ORDER), ORDER_ROOM);
      }
      case SEE_ORDER -> {
        call.set(Slot.COUNT, call.get(Slot.COUNT) + Math.clamp(call.result() / 2, 0, MOST));
        return new EfiStep.Go(Step.READ_OPTION);
      }
      case READ_OPTION -> {
        if (call.get(Slot.NEXT) >= call.get(Slot.COUNT)) {
          return set(call, Step.OVER, "BootCurrent", 0, 0, 0);
        }
        int number = memory.get16(call.get(Slot.ORDER) + 2 * call.get(Slot.NEXT));
        call.set(Slot.NEXT, call.get(Slot.NEXT) + 1);
        return get(call, Step.SEE_OPTION, "Boot%04X".formatted(number), call.get(Slot.OPTION), ROOM);
      }
      case SEE_OPTION -> {
        return current(call, call.result());
      }
      case START -> {
        return EfiStep.call(Step.READ_OPTION, firmware.function(layer, "StartImage"), call.get(Slot.PATHS), 0, 0, call.get(Slot.REST) == 0
            ? 0 : call.get(Slot.REST_AT),
            call.get(Slot.REST));
      }
      default -> {
        return EfiStep.done(EfiStatus.NOT_FOUND);
      }
    }
  }

  /** Writes a variable; without data it is deleted, as BootNext is, which is for one boot only (UEFI 2.10, 3.1.2). */
  private EfiStep set(Call call, Step next, String name, int attributes, int size, long data) {
    Firmware firmware = call.firmware();
    EfiRam memory = firmware.memory();
    long at = call.get(Slot.OPTION) + ROOM;
    memory.write(at, (name + '\0').getBytes(StandardCharsets.UTF_16LE));
    memory.write(at + NAME_ROOM, EfiGuid.GLOBAL_VARIABLE.toBytes());
    long services = memory.get64(firmware.systemTable() + RUNTIME_SERVICES);
    return EfiStep.call(next, memory.get64(services + SET_VARIABLE), at, at + NAME_ROOM, attributes, size, data);
  }

  /** An option is tried, and BootCurrent says which. EFI_LOAD_OPTION: attributes, bytes of the paths, the description with its NUL, the paths, options (UEFI 2.10, 3.1.3). */
  private EfiStep current(Call call, long size) {
    EfiRam memory = call.firmware().memory();
    long option = call.get(Slot.OPTION);
    if (size < 8 || (memory.get32(option) & ACTIVE) == 0) {
      return new EfiStep.Go(Step.READ_OPTION);
    }
    long paths = memory.get16(option + 4);
    long at = option + 6;
    while (at + 2 <= option + size && memory.get16(at) != 0) {
      at += 2;
    }
    at += 2;
    if (at + paths > option + size || paths < 4) {
      return new EfiStep.Go(Step.READ_OPTION);
    }
    call.set(Slot.PATHS, call.get(Slot.OPTION) + ROOM + NAME_ROOM + EfiGuid.SIZE);
    byte[] path = ShortPath.expanded(call.firmware(), at, paths);
    if (path.length > PATH_ROOM) {
      return new EfiStep.Go(Step.READ_OPTION);
    }
    memory.write(call.get(Slot.PATHS), path);
    call.set(Slot.REST_AT, at + paths);
    call.set(Slot.REST, option + size - at - paths);
    return set(call, Step.START, "BootCurrent", BOOT_AND_RUNTIME, 2, call.get(Slot.ORDER) + 2 * (call.get(Slot.NEXT) - 1));
  }
}
