// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.manager;

import java.util.List;
import org.xenolith.efi.api.EfiStatus;
import org.xenolith.efi.boot.api.Call;
import org.xenolith.efi.boot.api.Firmware;
import org.xenolith.efi.boot.api.Protocol;
import org.xenolith.efi.boot.api.EfiStep;
import org.xenolith.efi.boot.kit.DevicePath;

/** Starts the program at the path for removable media of each file system, one after the other (UEFI 2.10, 3.5.1.1). */
final class RemovableMedia {
  private static final String PATH = "\\EFI\\BOOT\\BOOT%s.EFI";
  private static final int ROOM = 1024;

  /** Steps: the first, and one behind each program that came back. */
  private enum Step {
    BEGIN, CAME_BACK
  }

  /** Numbers: the file system that is next, memory for its path. */
  private enum Slot {
    NEXT, ROOM
  }

  private final ManagerLayer layer;

  RemovableMedia(ManagerLayer layer) {
    this.layer = layer;
  }

  /** Argument 0 is whether failures are kept from the console. */
  EfiStep boot(Call call) {
    Firmware firmware = call.firmware();
    if (call.isAt(Step.BEGIN)) {
      call.set(Slot.ROOM, call.room(ROOM));
    }
    List<Long> systems = firmware.handles().handles(Protocol.SIMPLE_FILE_SYSTEM);
    int at = (int) call.get(Slot.NEXT);
    while (at < systems.size()) {
      long parent = firmware.handles().find(systems.get(at++), Protocol.DEVICE_PATH);
      byte[] path = parent == 0 ? new byte[ROOM + 1] : DevicePath.behind(DevicePath.read(firmware.memory(), parent)).file(PATH.formatted(
          firmware.machine())).bytes();
      if (path.length <= ROOM) {
        call.set(Slot.NEXT, at);
        firmware.memory().write(call.get(Slot.ROOM), path);
        return EfiStep.call(Step.CAME_BACK, firmware.function(layer, "StartImage"), call.get(Slot.ROOM), 0, 0, 0, 0, call.argument(0));
      }
    }
    return EfiStep.done(EfiStatus.NOT_FOUND);
  }
}
