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

  /** Steps: what can be booted is tried in an order, and then disks again that have come meanwhile, for ever. */
  private enum Booting {
    CONNECT, SET_CONSOLES, START_KERNEL, TRY_OPTIONS, TRY_MEDIA, SAY_NOTHING_BOOTED, PAUSE, CONNECT_AGAIN, TRY_MEDIA_AGAIN;

    private static final Booting[] ALL = values();
  }

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
    return 2;
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
    return switch (call.step(Booting.ALL)) {
      case CONNECT -> EfiStep.call(Booting.SET_CONSOLES, firmware.function(this, "ConnectAll"));
      case SET_CONSOLES -> {
        connections.consoles(firmware);
        yield say(call, Booting.START_KERNEL, "Xenolith UEFI firmware\r\n");
      }
      case START_KERNEL -> EfiStep.call(Booting.TRY_OPTIONS, firmware.function(this, "StartKernel"));
      case TRY_OPTIONS -> EfiStep.call(Booting.TRY_MEDIA, firmware.function(this, "BootOptions"));
      case TRY_MEDIA -> EfiStep.call(Booting.SAY_NOTHING_BOOTED, firmware.function(this, "RemovableMedia"));
      case SAY_NOTHING_BOOTED -> say(call, Booting.PAUSE,
          "Nothing could be booted: no disk that a driver was found for has an EFI program that may be started and goes on.\r\n");
      case PAUSE -> new EfiStep.Wait(Booting.CONNECT_AGAIN, firmware.after(PAUSE_MICROSECONDS));
      case CONNECT_AGAIN -> EfiStep.call(Booting.TRY_MEDIA_AGAIN, firmware.function(this, "ConnectAll"));
      default -> EfiStep.call(Booting.PAUSE, firmware.function(this, "RemovableMedia"), 1); // what was said once is known
    };
  }

  /** Writes to the console, if there is one. */
  EfiStep say(Call call, Enum<?> next, String text) {
    byte[] bytes = (text + '\0').getBytes(java.nio.charset.StandardCharsets.UTF_16LE);
    long room = call.room(bytes.length);
    call.firmware().memory().write(room, bytes);
    return EfiStep.call(next, call.firmware().function(this, "Print"), room);
  }
}
