// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.xenbus;

import org.xenolith.efi.boot.api.BootService;
import org.xenolith.efi.boot.api.Call;
import org.xenolith.efi.boot.api.EfiRam;
import org.xenolith.efi.boot.api.EfiStep;
import org.xenolith.efi.boot.api.Firmware;
import org.xenolith.efi.boot.kit.XenCalls;
import org.xenolith.efi.xenbus.XenBusLayer.Slot;
import org.xenolith.efi.xenbus.XenBusLayer.Step;

/**
 * What edk2's bus does with the page with shared information (OvmfPkg/XenBusDxe): each time that it starts it maps it into a reserved page of its
 * own, where it stays, though nobody here looks at it. The page's own memory is lost to the domain.
 */
final class SharedInfo {
  /** AllocateAnyPages; EfiReservedMemoryType, which an operating system leaves alone. */
  private static final int ANY_PAGES = 0;
  private static final int RESERVED = 0;

  EfiStep begin(Call call) {
    return EfiStep.call(Step.PAGE_ALLOCATED, call.firmware().service(BootService.ALLOCATE_PAGES), ANY_PAGES, RESERVED, 1, call.get(
        Slot.ROOM));
  }

  /** The next step; null if there is none. */
  EfiStep next(Call call) {
    Firmware firmware = call.firmware();
    EfiRam memory = firmware.memory();
    long room = call.get(Slot.ROOM);
    switch (Step.of(call)) {
      case PAGE_ALLOCATED -> {
        if (call.result() != 0) {
          firmware.report("XenBus: there is no page for shared_info");
          return null;
        }
        return EfiStep.touch(Step.PAGE_MAPPED, XenCalls.mapSharedInfo(memory, room + XenCalls.ROOM, memory.get64(room)));
      }
      case PAGE_MAPPED -> {
        if (call.accessed(0) != 0) {
          firmware.report("XenBus: shared_info can't be mapped: error " + call.accessed(0));
          return EfiStep.call(Step.PAGE_FREED, firmware.service(BootService.FREE_PAGES), memory.get64(room), 1);
        }
        return null;
      }
      default -> {
        return null;
      }
    }
  }
}
