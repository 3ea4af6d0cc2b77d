// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.manager;

import java.util.List;
import org.xenolith.efi.api.EfiGuid;
import org.xenolith.efi.boot.api.AskOnce;
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

  /** Steps of ConnectAll: its first, and one behind each handle. */
  private enum Step {
    BEGIN, CONNECTED
  }

  /** Number of ConnectAll: the handle that is next. */
  private enum Slot {
    NEXT
  }

  /** Every handle that there is at the beginning, with its children. */
  EfiStep all(Call call) {
    Firmware firmware = call.firmware();
    List<Long> handles = firmware.handles().handles(Protocol.DEVICE_PATH);
    int at = (int) call.get(Slot.NEXT);
    if (at >= handles.size()) {
      return EfiStep.done();
    }
    call.set(Slot.NEXT, at + 1L);
    return EfiStep.call(Step.CONNECTED, firmware.service(BootService.CONNECT_CONTROLLER), handles.get(at), 0, 0, 1);
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
    return !call.isAt(AskOnce.ASK) || out == 0 ? EfiStep.done() : EfiStep.call(AskOnce.ANSWERED, memory.get64(out + OUTPUT_STRING), out,
        call.argument(0));
  }
}
