// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.manager;

import java.nio.charset.StandardCharsets;
import org.xenolith.efi.api.EfiGuid;
import org.xenolith.efi.api.EfiStatus;
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
  // Numbers: rooms for the order and for an option; how many entries the order has, and which is next.
  private static final int ORDER = 0;
  private static final int OPTION = 1;
  private static final int COUNT = 2;
  private static final int NEXT = 3;
  // Of the option that is tried: where its paths and its own data are, and how much of those.
  private static final int PATHS = 4;
  private static final int REST_AT = 5;
  private static final int REST = 6;

  private final ManagerLayer layer;

  LoadOptions(ManagerLayer layer) {
    this.layer = layer;
  }

  /** Arguments: address of the name, room for the data, and its bytes. Returns how many there are; 0 if there is no such variable. */
  EfiStep variable(Call call) {
    Firmware firmware = call.firmware();
    EfiRam memory = firmware.memory();
    if (call.step() == 0) {
      long room = call.room(32);
      call.set(0, room);
      memory.put64(room, call.argument(2));
      memory.write(room + 16, EfiGuid.GLOBAL_VARIABLE.toBytes());
      long services = memory.get64(firmware.systemTable() + RUNTIME_SERVICES);
      return EfiStep.call(1, memory.get64(services + GET_VARIABLE), call.argument(0), room + 16, 0, room, call.argument(1));
    }
    return EfiStep.done(call.result() == 0 ? memory.get64(call.get(0)) : 0);
  }

  private EfiStep get(Call call, int next, String name, long to, int room) {
    Firmware firmware = call.firmware();
    long at = call.get(OPTION) + ROOM;
    firmware.memory().write(at, (name + '\0').getBytes(StandardCharsets.UTF_16LE));
    return EfiStep.call(next, firmware.function(layer, "GetVariable"), at, to, room);
  }

  EfiStep boot(Call call) {
    Firmware firmware = call.firmware();
    EfiRam memory = firmware.memory();
    switch (call.step()) {
      case 0 -> {
        call.set(ORDER, call.room(ORDER_ROOM + 2));
        call.set(OPTION, call.room(ROOM + NAME_ROOM + EfiGuid.SIZE + PATH_ROOM));
        return get(call, 1, "BootNext", call.get(ORDER), 2);
      }
      case 1 -> {
        call.set(COUNT, call.result() == 2 ? 1 : 0);
        return call.get(COUNT) == 0 ? new EfiStep.Go(3) : set(call, 2, "BootNext", 0, 0, 0);
      }
      case 2 -> {
        return get(call, 4, "BootOrder", call.get(ORDER) + 2, ORDER_ROOM);
      }
      case 3 -> {
        return get(call, 4, "BootOrder", call.get(ORDER), ORDER_ROOM);
      }
      case 4 -> {
        call.set(COUNT, call.get(COUNT) + Math.clamp(call.result() / 2, 0, MOST));
        return new EfiStep.Go(5);
      }
      case 5 -> {
        if (call.get(NEXT) >= call.get(COUNT)) {
          return set(call, 9, "BootCurrent", 0, 0, 0);
        }
        int number = memory.get16(call.get(ORDER) + 2 * call.get(NEXT));
        call.set(NEXT, call.get(NEXT) + 1);
        return get(call, 6, "Boot%04X".formatted(number), call.get(OPTION), ROOM);
      }
      case 6 -> {
        return current(call, call.result());
      }
      case 7 -> {
        return EfiStep.call(5, firmware.function(layer, "StartImage"), call.get(PATHS), 0, 0, call.get(REST) == 0 ? 0 : call.get(REST_AT),
            call.get(REST));
      }
      default -> {
        return EfiStep.done(EfiStatus.NOT_FOUND);
      }
    }
  }

  /** Writes a variable; without data it is deleted, as BootNext is, which is for one boot only (UEFI 2.10, 3.1.2). */
  private EfiStep set(Call call, int next, String name, int attributes, int size, long data) {
    Firmware firmware = call.firmware();
    EfiRam memory = firmware.memory();
    long at = call.get(OPTION) + ROOM;
    memory.write(at, (name + '\0').getBytes(StandardCharsets.UTF_16LE));
    memory.write(at + NAME_ROOM, EfiGuid.GLOBAL_VARIABLE.toBytes());
    long services = memory.get64(firmware.systemTable() + RUNTIME_SERVICES);
    return EfiStep.call(next, memory.get64(services + SET_VARIABLE), at, at + NAME_ROOM, attributes, size, data);
  }

  /** An option is tried, and BootCurrent says which. EFI_LOAD_OPTION: attributes, bytes of the paths, the description with its NUL, the paths, options (UEFI 2.10, 3.1.3). */
  private EfiStep current(Call call, long size) {
    EfiRam memory = call.firmware().memory();
    long option = call.get(OPTION);
    if (size < 8 || (memory.get32(option) & ACTIVE) == 0) {
      return new EfiStep.Go(5);
    }
    long paths = memory.get16(option + 4);
    long at = option + 6;
    while (at + 2 <= option + size && memory.get16(at) != 0) {
      at += 2;
    }
    at += 2;
    if (at + paths > option + size || paths < 4) {
      return new EfiStep.Go(5);
    }
    call.set(PATHS, call.get(OPTION) + ROOM + NAME_ROOM + EfiGuid.SIZE);
    byte[] path = ShortPath.expanded(call.firmware(), at, paths);
    if (path.length > PATH_ROOM) {
      return new EfiStep.Go(5);
    }
    memory.write(call.get(PATHS), path);
    call.set(REST_AT, at + paths);
    call.set(REST, option + size - at - paths);
    return set(call, 7, "BootCurrent", BOOT_AND_RUNTIME, 2, call.get(ORDER) + 2 * (call.get(NEXT) - 1));
  }
}
