// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.scsi;

import org.xenolith.efi.api.EfiStatus;
import org.xenolith.efi.boot.api.AskOnce;
import org.xenolith.efi.boot.api.Call;
import org.xenolith.efi.boot.api.EfiFunction;
import org.xenolith.efi.boot.api.EfiRam;
import org.xenolith.efi.boot.api.EfiStep;
import org.xenolith.efi.boot.kit.InterfaceNumbers;

/** What a unit's protocol does: it passes on to the host, with target and LUN (UEFI 2.10, 15.4). */
final class UnitFunctions {
  private static final int PASS_THRU = 8;
  private static final int RESET_CHANNEL = 40;
  private static final int RESET_UNIT = 48;

  private final ScsiBusLayer layer;

  UnitFunctions(ScsiBusLayer layer) {
    this.layer = layer;
  }

  EfiFunction function(String name) {
    return switch (name) {
      case "GetDeviceType" -> this::type;
      case "GetDeviceLocation" -> this::location;
      case "ResetBus" -> call -> pass(call, RESET_CHANNEL);
      case "ResetDevice" -> call -> pass(call, RESET_UNIT, target(call), unit(call)[ScsiBusLayer.LUN]);
      case "ExecuteScsiCommand" -> call -> pass(call, PASS_THRU, target(call), unit(call)[ScsiBusLayer.LUN], call.argument(1), call
          .argument(2));
      default -> null;
    };
  }

  private long[] unit(Call call) {
    return InterfaceNumbers.of(call, layer, ScsiBusLayer.NUMBERS);
  }

  private static long target(Call call) {
    return call.argument(0) + ScsiBusLayer.TARGET_AT;
  }

  private EfiStep pass(Call call, int function, long... arguments) {
    if (!call.isAt(AskOnce.ASK)) {
      return EfiStep.done(call.result());
    }
    long host = unit(call)[ScsiBusLayer.HOST];
    long[] all = new long[arguments.length + 1];
    all[0] = host;
    System.arraycopy(arguments, 0, all, 1, arguments.length);
    return EfiStep.call(AskOnce.ANSWERED, call.firmware().memory().get64(host + function), all);
  }

  /** Arguments: this, where the kind of unit goes (SPC-5, table 155). */
  private EfiStep type(Call call) {
    long[] unit = unit(call);
    if (call.argument(1) == 0) {
      return EfiStep.done(EfiStatus.INVALID_PARAMETER);
    }
    call.firmware().memory().put8(call.argument(1), unit[ScsiBusLayer.TYPE]);
    return EfiStep.done();
  }

  /** Arguments: this, address of where the target goes, where the LUN goes. */
  private EfiStep location(Call call) {
    long[] unit = unit(call);
    EfiRam memory = call.firmware().memory();
    if (call.argument(1) == 0 || memory.get64(call.argument(1)) == 0 || call.argument(2) == 0) {
      return EfiStep.done(EfiStatus.INVALID_PARAMETER);
    }
    memory.get64(call.argument(2)); // or there is no memory, before the target is told
    memory.write(memory.get64(call.argument(1)), memory.read(target(call), ScsiBusLayer.TARGET));
    memory.put64(call.argument(2), unit[ScsiBusLayer.LUN]);
    return EfiStep.done();
  }
}
