// SPDX-License-Identifier: EPL-2.0
package org.xenolith.firmware.efi.boot;

import java.util.Map;
import org.xenolith.efi.api.EfiStatus;
import org.xenolith.efi.boot.api.Call;
import org.xenolith.efi.boot.api.EfiFunction;
import org.xenolith.efi.boot.api.EfiRam;
import org.xenolith.efi.boot.api.EfiStep;
import org.xenolith.efi.boot.api.Protocol;
import org.xenolith.efi.kit.EfiMemoryType;

/** The console while there is no other: programs call the system table's without looking whether it is there (UEFI 2.10, 4.3). */
final class NullConsole {
  private static final String WRITE = "ConsoleOut";
  private static final String MODE = "ConsoleMode";
  private static final String READ = "ConsoleIn";
  private static final int IN = 0;
  private static final int OUT = 32;
  private static final int OUT_FUNCTIONS = 9;
  private static final int QUERY_MODE = 3;
  private static final int MODE_AT = OUT + 80;
  private static final int SIZE = MODE_AT + 24;
  private static final int COLUMNS = 80;
  private static final int ROWS = 25;

  private final BootFirmware firmware;

  NullConsole(BootFirmware firmware) {
    this.firmware = firmware;
  }

  void addTo(Map<String, EfiFunction> functions) {
    functions.put(WRITE, call -> EfiStep.done());
    functions.put(READ, call -> EfiStep.done(EfiStatus.NOT_READY));
    functions.put(MODE, this::mode);
  }

  private EfiStep mode(Call call) {
    if (call.argument(1) != 0) {
      return EfiStep.done(EfiStatus.UNSUPPORTED);
    }
    firmware.memory().put64(call.argument(2), COLUMNS);
    firmware.memory().put64(call.argument(3), ROWS);
    return EfiStep.done();
  }

  /** Makes it; the handle, which has no device path. */
  long make() {
    EfiRam memory = firmware.memory();
    long at = firmware.pool().allocate(EfiMemoryType.BOOT_SERVICES_DATA.number(), SIZE);
    memory.clear(at, SIZE);
    memory.put64(at + IN, firmware.function(CoreServices.LAYER, WRITE));
    memory.put64(at + IN + 8, firmware.function(CoreServices.LAYER, READ));
    long event = firmware.pool().allocate(EfiMemoryType.BOOT_SERVICES_DATA.number(), 16);
    firmware.events().add(new Events.Event(event, 0, Events.TPL_APPLICATION, 0, 0, Events.NONE));
    memory.put64(at + IN + 16, event);
    for (int i = 0; i < OUT_FUNCTIONS; i++) {
      memory.put64(at + OUT + 8L * i, firmware.function(CoreServices.LAYER, i == QUERY_MODE ? MODE : WRITE));
    }
    memory.put64(at + OUT + 8 * OUT_FUNCTIONS, at + MODE_AT);
    memory.put32(at + MODE_AT, 1);
    long handle = firmware.handles().install(0, Protocol.SIMPLE_TEXT_INPUT, at + IN);
    return firmware.handles().install(handle, Protocol.SIMPLE_TEXT_OUTPUT, at + OUT);
  }
}
