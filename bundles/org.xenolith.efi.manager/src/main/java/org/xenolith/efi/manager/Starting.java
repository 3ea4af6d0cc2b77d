// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.manager;

import org.xenolith.efi.api.EfiStatus;
import org.xenolith.efi.boot.api.BootService;
import org.xenolith.efi.boot.api.Call;
import org.xenolith.efi.boot.api.Firmware;
import org.xenolith.efi.boot.api.EfiRam;
import org.xenolith.efi.boot.api.Protocol;
import org.xenolith.efi.boot.api.EfiStep;

/**
 * Loads an image and starts it: arguments are its device path, where it is in memory and its bytes (0: it is read), the address and bytes of its
 * options, and whether a failure is kept from the console (0: it is said there).
 */
final class Starting {
  private static final int OPTIONS_SIZE = 48;
  private static final int OPTIONS = 56;
  private static final long FOREVER = 0;
  private static final int SILENT = 5;

  private enum Step {
    LOAD, SEE_IMAGE, START, SEE_END, TOLD;

    private static final Step[] ALL = values();
  }

  /** Numbers: where the image's handle is put, the handle, what was said of a failure. */
  private enum Slot {
    ROOM, IMAGE, STATUS
  }

  private final ManagerLayer layer;

  Starting(ManagerLayer layer) {
    this.layer = layer;
  }

  EfiStep start(Call call) {
    Firmware firmware = call.firmware();
    EfiRam memory = firmware.memory();
    switch (call.step(Step.ALL)) {
      case LOAD -> {
        call.set(Slot.ROOM, call.room(16));
        return EfiStep.call(Step.SEE_IMAGE, firmware.service(BootService.LOAD_IMAGE), 1, firmware.image(), call.argument(0), call.argument(
            1), call
                .argument(2),
            call.get(Slot.ROOM));
      }
      case SEE_IMAGE -> {
        if (call.result() == EfiStatus.NOT_FOUND.code()) {
          return EfiStep.done(EfiStatus.NOT_FOUND); // there is nothing, as on most disks
        }
        if (call.result() < 0) {
          return endWith(call, "A program was found that can't be loaded: ");
        }
        call.set(Slot.IMAGE, memory.get64(call.get(Slot.ROOM)));
        long information = firmware.handles().find(call.get(Slot.IMAGE), Protocol.LOADED_IMAGE);
        if (call.argument(4) != 0) {
          memory.put32(information + OPTIONS_SIZE, call.argument(4));
          memory.put64(information + OPTIONS, call.argument(3));
        }
        return EfiStep.call(Step.START, firmware.service(BootService.SET_WATCHDOG_TIMER), FOREVER, 0, 0, 0);
      }
      case START -> {
        return EfiStep.call(Step.SEE_END, firmware.service(BootService.START_IMAGE), call.get(Slot.IMAGE), 0, 0);
      }
      case SEE_END -> {
        firmware.report("efi-boot: what was started came back with " + name(call.result()));
        return endWith(call, "A program was started and came back with ");
      }
      default -> {
        return EfiStep.done(call.get(Slot.STATUS));
      }
    }
  }

  private static String name(long result) {
    EfiStatus status = EfiStatus.of(result);
    return status == null ? "0x" + Long.toHexString(result) : status.name();
  }

  /** Ends with the last call's status, which {@link Slot#STATUS} is until a failure has been said: who is at the console sees no events. */
  private EfiStep endWith(Call call, String what) {
    if (call.result() >= 0 || call.argument(SILENT) != 0) {
      return EfiStep.done(call.result());
    }
    call.set(Slot.STATUS, call.result());
    return layer.say(call, Step.TOLD, what + name(call.result()) + ".\r\n");
  }
}
