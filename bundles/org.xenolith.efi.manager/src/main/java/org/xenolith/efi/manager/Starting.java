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
 * Loads an image and starts it: arguments are its device path, where it is in memory and its bytes (0: it is read), and the address and bytes of its
 * options.
 */
final class Starting {
  private static final int OPTIONS_SIZE = 48;
  private static final int OPTIONS = 56;
  private static final long FOREVER = 0;

  private final ManagerLayer layer;

  Starting(ManagerLayer layer) {
    this.layer = layer;
  }

  EfiStep start(Call call) {
    Firmware firmware = call.firmware();
    EfiRam memory = firmware.memory();
    switch (call.step()) {
      case 0 -> {
        call.set(0, call.room(16));
        return EfiStep.call(1, firmware.service(BootService.LOAD_IMAGE), 1, firmware.image(), call.argument(0), call.argument(1), call
            .argument(2),
            call.get(0));
      }
      case 1 -> {
        if (call.result() < 0) {
          return EfiStep.done(call.result());
        }
        call.set(1, memory.get64(call.get(0)));
        long information = firmware.handles().find(call.get(1), Protocol.LOADED_IMAGE);
        if (call.argument(4) != 0) {
          memory.put32(information + OPTIONS_SIZE, call.argument(4));
          memory.put64(information + OPTIONS, call.argument(3));
        }
        return EfiStep.call(2, firmware.service(BootService.SET_WATCHDOG_TIMER), FOREVER, 0, 0, 0);
      }
      case 2 -> {
        return EfiStep.call(3, firmware.service(BootService.START_IMAGE), call.get(1), 0, 0);
      }
      default -> {
        EfiStatus status = EfiStatus.of(call.result());
        firmware.report("efi-boot: what was started came back with " + (status == null ? "0x" + Long.toHexString(call.result()) : status));
        return EfiStep.done(call.result());
      }
    }
  }
}
