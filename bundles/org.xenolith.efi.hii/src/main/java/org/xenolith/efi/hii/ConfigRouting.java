// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.hii;

import java.util.regex.Pattern;
import org.xenolith.efi.api.EfiGuid;
import org.xenolith.efi.api.EfiStatus;
import org.xenolith.efi.boot.api.AskOnce;
import org.xenolith.efi.boot.api.BootService;
import org.xenolith.efi.boot.api.Call;
import org.xenolith.efi.boot.api.EfiFunction;
import org.xenolith.efi.boot.api.EfiRam;
import org.xenolith.efi.boot.api.EfiStep;

/**
 * The functions of EFI_HII_CONFIG_ROUTING_PROTOCOL (UEFI 2.10, 35.4), which libraries of edk2's programs look for before they do anything. There is no forms browser
 * and nobody's configuration is reached by it: routing data matches no driver, and all configurations together are an empty text.
 */
final class ConfigRouting {
  static final EfiGuid PROTOCOL = EfiGuid.of("587e72d7-cc50-4f79-8209-ca291fc1a10f");
  static final String[] FUNCTIONS = {"ExtractConfig", "ExportConfig", "RouteConfig", "BlockToConfig", "ConfigToBlock", "GetAltConfig"};
  /** A header and what follows it, if anything does: {@code ConfigHdr} of 35.2.1. */
  private static final Pattern ROUTED = Pattern.compile("GUID=\\p{XDigit}{32}&NAME=\\p{XDigit}*&PATH=\\p{XDigit}*(?:&.*)?", Pattern.DOTALL);
  private static final int MOST_TEXT = 1 << 16;
  private static final int BOOT_SERVICES_DATA = 4;

  /** Number of ExportConfig: where the text's address is put. */
  private enum ExportSlot {
    TEXT
  }

  private final HiiLayer layer;

  ConfigRouting(HiiLayer layer) {
    this.layer = layer;
  }

  EfiFunction function(String name) {
    return switch (name) {
      case "ExtractConfig" -> call -> routed(call, call.argument(2), call.argument(3));
      case "RouteConfig" -> call -> routed(call, call.argument(2), call.argument(2));
      case "ExportConfig" -> this::export;
      case "BlockToConfig" -> call -> converted(call, call.argument(2), call.argument(4), call.argument(5));
      case "ConfigToBlock" -> call -> converted(call, call.argument(2), call.argument(3), call.argument(4));
      case "GetAltConfig" -> call -> {
        check(call);
        return EfiStep.done(call.argument(1) == 0 || call.argument(6) == 0 ? EfiStatus.INVALID_PARAMETER : EfiStatus.NOT_FOUND);
      };
      default -> null;
    };
  }

  /** Whoever calls has the interface. */
  private void check(Call call) {
    call.firmware().numbers(layer, call.argument(0));
  }

  /** Routing data is the second argument. @param progress where it is said how far it was read; @param result where what came of it would go */
  private EfiStep routed(Call call, long progress, long result) {
    check(call);
    if (progress == 0 || result == 0) {
      return EfiStep.done(EfiStatus.INVALID_PARAMETER);
    }
    EfiRam memory = call.firmware().memory();
    long text = call.argument(1);
    memory.put64(progress, text);
    boolean isRouted = text != 0 && ROUTED.matcher(memory.text(text, MOST_TEXT)).matches();
    return EfiStep.done(isRouted ? EfiStatus.NOT_FOUND : EfiStatus.INVALID_PARAMETER);
  }

  /** Between a block of bytes and a text: that is done for who shows forms, and here is nobody. */
  private EfiStep converted(Call call, long block, long other, long progress) {
    return block == 0 || other == 0 ? routed(call, 0, 0) : routed(call, progress, progress);
  }

  private EfiStep export(Call call) {
    check(call);
    EfiRam memory = call.firmware().memory();
    if (call.argument(1) == 0) {
      return EfiStep.done(EfiStatus.INVALID_PARAMETER);
    } else if (call.isAt(AskOnce.ASK)) {
      memory.get64(call.argument(1)); // or nobody would ever give the text back
      call.set(ExportSlot.TEXT, call.room(8));
      return EfiStep.call(AskOnce.ANSWERED, call.firmware().service(BootService.ALLOCATE_POOL), BOOT_SERVICES_DATA, Character.BYTES, call
          .get(ExportSlot.TEXT));
    } else if (call.result() < 0) {
      return EfiStep.done(call.result());
    }
    memory.put16(memory.get64(call.get(ExportSlot.TEXT)), 0);
    memory.put64(call.argument(1), memory.get64(call.get(ExportSlot.TEXT)));
    return EfiStep.done();
  }
}
