// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.xenbus;

import org.xenolith.efi.boot.api.BootService;
import org.xenolith.efi.boot.api.Call;
import org.xenolith.efi.boot.api.EfiRam;
import org.xenolith.efi.boot.api.EfiStep;
import org.xenolith.efi.boot.api.Firmware;
import org.xenolith.efi.boot.kit.XenCalls;

/**
 * What edk2's bus does with the page with shared information (OvmfPkg/XenBusDxe): each time that it starts it maps it into a reserved page of its
 * own, where it stays, though nobody here looks at it. The page's own memory is lost to the domain.
 */
final class SharedInfo {
  // Steps of the bus's Start.
  static final int ALLOCATED = 20;
  static final int MAPPED = 21;
  static final int OVER = 22;
  /** AllocateAnyPages; EfiReservedMemoryType, which an operating system leaves alone. */
  private static final int ANY_PAGES = 0;
  private static final int RESERVED = 0;

  EfiStep begin(Call call) {
    return EfiStep.call(ALLOCATED, call.firmware().service(BootService.ALLOCATE_PAGES), ANY_PAGES, RESERVED, 1, call.get(Enumeration.ROOM));
  }

  /** The next step; null if there is none. */
  EfiStep next(Call call) {
    Firmware firmware = call.firmware();
    EfiRam memory = firmware.memory();
    long room = call.get(Enumeration.ROOM);
    switch (call.step()) {
      case ALLOCATED -> {
        if (call.result() != 0) {
          firmware.report("XenBus: there is no page for shared_info");
          return null;
        }
        return EfiStep.touch(MAPPED, XenCalls.mapSharedInfo(memory, room + XenCalls.ROOM, memory.get64(room)));
      }
      case MAPPED -> {
        if (call.accessed(0) != 0) {
          firmware.report("XenBus: shared_info can't be mapped: error " + call.accessed(0));
          return EfiStep.call(OVER, firmware.service(BootService.FREE_PAGES), memory.get64(room), 1);
        }
        return null;
      }
      default -> {
        return null;
      }
    }
  }
}
