// SPDX-License-Identifier: EPL-2.0
package org.xenolith.fuzz.efi;

import java.util.Arrays;
import java.util.List;
import org.xenolith.efi.api.EfiStatus;
import org.xenolith.efi.boot.api.BootService;
import org.xenolith.efi.boot.api.EfiError;
import org.xenolith.efi.boot.api.EfiRam;
import org.xenolith.efi.boot.api.EfiStep;
import org.xenolith.efi.boot.api.Protocol;
import org.xenolith.efi.boot.kit.DevicePath;
import org.xenolith.efi.boot.kit.DevicePathText;
import org.xenolith.firmware.efi.boot.PlainFirmware;
import org.xenolith.fuzz.Attack;
import org.xenolith.fuzz.InputBytes;
import org.xenolith.testkit.efi.FakeFirmware;

/**
 * Device paths: bytes in memory that the core looks a device up by and loads images by; on handles; as text; and in variables that the boot manager reads. An input is pieces, a byte each
 * of how long the piece is (times 2) and then its bytes: a path, one on a handle, then the variables BootNext, BootOrder and those that they name, in the order in which they are asked for.
 */
final class EfiPathAttack implements Attack {
  private static final int RUNTIME_SERVICES = 88;
  private static final int GET_VARIABLE = 72;
  private static final int SET_VARIABLE = 88;
  private static final int SYSTEM_TABLE = 4096;
  private static final int MOST_PATH = 2048;

  private PlainFirmware core;
  private EfiLayers layers;

  @Override
  public String word() {
    return "efipath";
  }

  @Override
  public String says() {
    return "device paths in memory, on handles, of images that are to be loaded and in Boot#### variables, whole or not, as our own firmware reads them";
  }

  @Override
  public List<String> instrumented() {
    return List.of("org.xenolith.efi.boot.kit.**", "org.xenolith.efi.manager.**", "org.xenolith.firmware.efi.boot.**");
  }

  @Override
  public void fresh() {
    core = null;
  }

  private static byte[] piece(InputBytes input) {
    return input.take(2 * input.next());
  }

  @Override
  public List<String> execute(byte[] bytes) {
    InputBytes input = new InputBytes(bytes);
    byte[] path = piece(input);
    byte[] ofHandle = piece(input);
    layers = new EfiLayers("efi.manager");
    layers.firmware().room(SYSTEM_TABLE); // where it lies
    text(path);
    core = core == null ? new PlainFirmware() : core;
    layers.expect(core.uses(path, ofHandle), "the core doesn't come back, or forgets");
    boots(path, ofHandle, input);
    layers.end();
    return layers.wrong();
  }

  /** What is read of a path in memory is whole: as text, and with another node behind it. */
  private void text(byte[] path) {
    EfiRam memory = layers.firmware().memory();
    long at = layers.firmware().room(path.length + 4);
    memory.write(at, path);
    DevicePathText.of(path);
    try {
      byte[] whole = DevicePath.read(memory, at);
      layers.expect(whole.length >= 4 && whole[whole.length - 4] == DevicePath.END, "a path without its end");
      byte[] longer = DevicePath.behind(whole).file("a").bytes();
      layers.expect(Arrays.equals(longer, DevicePath.behind(longer).bytes()), "a path changes on the way");
      DevicePathText.of(longer);
    } catch (EfiError e) {
      layers.expect(e.status() == EfiStatus.INVALID_PARAMETER, "a path is refused with " + e.status());
    }
  }

  private void boots(byte[] path, byte[] ofHandle, InputBytes input) {
    FakeFirmware firmware = layers.firmware();
    EfiRam memory = firmware.memory();
    long services = firmware.room(256);
    memory.put64(firmware.systemTable() + RUNTIME_SERVICES, services);
    memory.put64(services + GET_VARIABLE, firmware.guest(call -> {
      byte[] value = piece(input);
      long room = memory.get64(call.argument(3));
      memory.put64(call.argument(3), value.length);
      if (value.length == 0 || value.length > room) {
        return EfiStep.done(value.length == 0 ? EfiStatus.NOT_FOUND : EfiStatus.BUFFER_TOO_SMALL);
      }
      memory.write(call.argument(4), value);
      return EfiStep.done();
    }));
    memory.put64(services + SET_VARIABLE, firmware.guest(call -> {
      String name = memory.text(call.argument(0), 32);
      layers.expect(name.startsWith("Boot"), "a variable is written: " + name);
      return EfiStep.done();
    }));
    firmware.service(BootService.LOAD_IMAGE, call -> {
      byte[] loaded = DevicePath.read(memory, call.argument(2));
      layers.expect(loaded.length <= MOST_PATH, "a path of " + loaded.length + " bytes");
      return EfiStep.done(EfiStatus.NOT_FOUND);
    });
    for (byte[] each : List.of(path, ofHandle)) {
      long at = firmware.room(each.length + 4);
      memory.write(at, each);
      firmware.handles().install(firmware.handles().install(0, Protocol.DEVICE_PATH, at), Protocol.SIMPLE_FILE_SYSTEM, at);
    }
    layers.begin();
    long status = firmware.call(firmware.function(EfiLayers.installed("efi.manager"), "BootOptions"));
    layers.expect(EfiStatus.of(status) != null, "BootOptions returns 0x" + Long.toHexString(status));
  }
}
