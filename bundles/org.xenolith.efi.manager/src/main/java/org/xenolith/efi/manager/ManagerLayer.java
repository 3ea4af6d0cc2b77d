// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.manager;

import org.xenolith.efi.boot.api.Call;
import org.xenolith.efi.boot.api.EfiFunction;
import org.xenolith.efi.boot.api.EfiLayer;
import org.xenolith.efi.boot.api.Firmware;
import org.xenolith.efi.boot.api.EfiStep;

/**
 * What firmware does when all layers are there (UEFI 2.10, 3.1): controllers are connected and consoles given; then a kernel that the launcher
 * has put into memory is started, or else what Boot#### variables name, or else what is on a disk at the path for removable media.
 */
final class ManagerLayer implements EfiLayer {
  /** How long nobody tries again when nothing could be booted. */
  private static final long PAUSE_MICROSECONDS = 2_000_000;

  private final Connections connections = new Connections(this);
  private final LoadedKernel kernel = new LoadedKernel(this);
  private final LoadOptions options = new LoadOptions(this);
  private final Starting starting = new Starting(this);
  private final RemovableMedia media = new RemovableMedia(this);

  @Override
  public String name() {
    return "efi.manager";
  }

  @Override
  public int version() {
    return 1;
  }

  @Override
  public void begin(Firmware firmware) {
    // the core calls Boot when all layers have begun
  }

  @Override
  public EfiFunction function(String name) {
    return switch (name) {
      case "Boot" -> this::boot;
      case "ConnectAll" -> connections::all;
      case "Print" -> connections::print;
      case "StartKernel" -> kernel::start;
      case "LoadInitrd" -> kernel::initrd;
      case "BootOptions" -> options::boot;
      case "GetVariable" -> options::variable;
      case "StartImage" -> starting::start;
      case "RemovableMedia" -> media::boot;
      default -> null;
    };
  }

  private EfiStep boot(Call call) {
    Firmware firmware = call.firmware();
    return switch (call.step()) {
      case 0 -> EfiStep.call(1, firmware.function(this, "ConnectAll"));
      case 1 -> {
        connections.consoles(firmware);
        yield say(call, 2, "Xenolith UEFI firmware\r\n");
      }
      case 2 -> EfiStep.call(3, firmware.function(this, "StartKernel"));
      case 3 -> EfiStep.call(4, firmware.function(this, "BootOptions"));
      case 4 -> EfiStep.call(5, firmware.function(this, "RemovableMedia"));
      case 5 -> say(call, 6,
          "Nothing could be booted: no disk that a driver was found for has an EFI program that may be started and goes on.\r\n");
      case 6 -> new EfiStep.Wait(7, firmware.after(PAUSE_MICROSECONDS));
      case 7 -> EfiStep.call(8, firmware.function(this, "ConnectAll"));
      default -> EfiStep.call(6, firmware.function(this, "RemovableMedia"), 1); // what was said once is known
    };
  }

  /** Writes to the console, if there is one. */
  EfiStep say(Call call, int next, String text) {
    byte[] bytes = (text + '\0').getBytes(java.nio.charset.StandardCharsets.UTF_16LE);
    long room = call.room(bytes.length);
    call.firmware().memory().write(room, bytes);
    return EfiStep.call(next, call.firmware().function(this, "Print"), room);
  }
}
