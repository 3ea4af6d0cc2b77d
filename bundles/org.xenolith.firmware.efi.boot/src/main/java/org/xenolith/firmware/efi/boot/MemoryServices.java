// SPDX-License-Identifier: EPL-2.0
package org.xenolith.firmware.efi.boot;

import java.util.Map;
import org.xenolith.efi.api.EfiStatus;
import org.xenolith.efi.boot.api.BootService;
import org.xenolith.efi.boot.api.Call;
import org.xenolith.efi.boot.api.EfiFunction;
import org.xenolith.efi.boot.api.EfiRam;
import org.xenolith.efi.boot.api.EfiStep;
import org.xenolith.efi.kit.EfiMemoryMap;
import org.xenolith.efi.kit.EfiMemoryType;

/** Memory (UEFI 2.10, 7.2). */
final class MemoryServices {
  /** Bytes of the map for the buffer that a caller allocates for it: callers should take more than they are told (UEFI 2.10, 7.2.3), and not all do. */
  private static final long ALLOCATION = 4L * PageMap.DESCRIPTOR;
  private static final int ANY_PAGES = 0;
  private static final int MAX_ADDRESS = 1;
  private static final int AT_ADDRESS = 2;
  private static final int LAST_TYPE = 16;
  /** Kinds from here on are OEMs' and operating systems' own. */
  private static final int OWN_TYPES = 0x7000_0000;

  private final BootFirmware firmware;

  MemoryServices(BootFirmware firmware) {
    this.firmware = firmware;
  }

  void addTo(Map<String, EfiFunction> functions) {
    functions.put(BootService.ALLOCATE_PAGES.name(), this::allocatePages);
    functions.put(BootService.FREE_PAGES.name(), this::freePages);
    functions.put(BootService.GET_MEMORY_MAP.name(), this::getMemoryMap);
    functions.put(BootService.ALLOCATE_POOL.name(), this::allocatePool);
    functions.put(BootService.FREE_POOL.name(), this::freePool);
  }

  private static boolean isKind(long type) {
    int number = (int) type;
    return number >= 0 && number < LAST_TYPE && number != EfiMemoryType.CONVENTIONAL.number()
        && number != EfiMemoryType.PERSISTENT.number() || Integer.compareUnsigned(number, OWN_TYPES) >= 0;
  }

  private EfiStep allocatePages(Call call) {
    int how = (int) call.argument(0);
    int type = (int) call.argument(1);
    long count = call.argument(2);
    long at = call.argument(3);
    if (how < ANY_PAGES || how > AT_ADDRESS || !isKind(type) || at == 0) {
      return EfiStep.done(EfiStatus.INVALID_PARAMETER);
    }
    long wanted = firmware.memory().get64(at);
    long address = wanted;
    if (how == AT_ADDRESS) {
      firmware.pageMap().allocateAt(type, wanted, count);
    } else {
      address = firmware.pageMap().allocate(type, count, how == MAX_ADDRESS ? wanted : -1);
    }
    firmware.memory().put64(at, address);
    return EfiStep.done();
  }

  private EfiStep freePages(Call call) {
    firmware.pageMap().free(call.argument(0), call.argument(1));
    return EfiStep.done();
  }

  private EfiStep getMemoryMap(Call call) {
    EfiRam memory = firmware.memory();
    PageMap map = firmware.pageMap();
    if (call.argument(0) == 0) {
      return EfiStep.done(EfiStatus.INVALID_PARAMETER);
    }
    long room = memory.get64(call.argument(0));
    boolean tooSmall = Long.compareUnsigned(room, map.length()) < 0;
    memory.put64(call.argument(0), map.length() + (tooSmall ? ALLOCATION : 0));
    if (call.argument(3) != 0) {
      memory.put64(call.argument(3), PageMap.DESCRIPTOR);
    }
    if (call.argument(4) != 0) {
      memory.put32(call.argument(4), EfiMemoryMap.DESCRIPTOR_VERSION);
    }
    if (tooSmall) {
      return EfiStep.done(EfiStatus.BUFFER_TOO_SMALL);
    }
    if (call.argument(1) == 0 || call.argument(2) == 0) {
      return EfiStep.done(EfiStatus.INVALID_PARAMETER);
    }
    memory.write(call.argument(1), map.descriptors());
    memory.put64(call.argument(2), map.key());
    return EfiStep.done();
  }

  private EfiStep allocatePool(Call call) {
    if (!isKind(call.argument(0)) || call.argument(2) == 0) {
      return EfiStep.done(EfiStatus.INVALID_PARAMETER);
    }
    firmware.memory().put64(call.argument(2), firmware.pool().allocate((int) call.argument(0), call.argument(1)));
    return EfiStep.done();
  }

  private EfiStep freePool(Call call) {
    firmware.pool().free(call.argument(0));
    return EfiStep.done();
  }
}
