// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.manager;

import java.util.List;
import org.xenolith.efi.api.EfiGuid;
import org.xenolith.efi.boot.api.BootService;
import org.xenolith.efi.boot.api.Call;
import org.xenolith.efi.boot.api.Firmware;
import org.xenolith.efi.boot.api.EfiRam;
import org.xenolith.efi.boot.api.Protocol;
import org.xenolith.efi.boot.api.EfiStep;

/** Connects controllers, and gives the consoles. */
final class Connections {
  private static final int CONSOLE_OUT = 64;
  private static final int OUTPUT_STRING = 8;

  private final ManagerLayer layer;

  Connections(ManagerLayer layer) {
    this.layer = layer;
  }

  /** Every handle that there is at the beginning, with its children. Number 0 is the handle that is next. */
  EfiStep all(Call call) {
    Firmware firmware = call.firmware();
    List<Long> handles = firmware.handles().handles(Protocol.DEVICE_PATH);
    int at = (int) call.get(0);
    if (at >= handles.size()) {
      return EfiStep.done();
    }
    call.set(0, at + 1L);
    return EfiStep.call(1, firmware.service(BootService.CONNECT_CONTROLLER), handles.get(at), 0, 0, 1);
  }

  private static long first(Firmware firmware, EfiGuid protocol) {
    return firmware.handles().handles(protocol).stream().filter(handle -> firmware.handles().has(handle, Protocol.DEVICE_PATH)).findFirst()
        .orElse(
            0L);
  }

  /** The first on a device. */
  void consoles(Firmware firmware) {
    firmware.consoles(first(firmware, Protocol.SIMPLE_TEXT_INPUT), first(firmware, Protocol.SIMPLE_TEXT_OUTPUT));
  }

  /** Argument 0 is the text. */
  EfiStep print(Call call) {
    EfiRam memory = call.firmware().memory();
    long out = memory.get64(call.firmware().systemTable() + CONSOLE_OUT);
    return call.step() != 0 || out == 0 ? EfiStep.done() : EfiStep.call(1, memory.get64(out + OUTPUT_STRING), out, call.argument(0));
  }
}
