// SPDX-License-Identifier: EPL-2.0
package org.xenolith.fuzz.efi;

import java.util.List;
import org.xenolith.efi.api.EfiStatus;
import org.xenolith.efi.boot.api.EfiRam;
import org.xenolith.efi.boot.api.EfiStep;
import org.xenolith.efi.boot.api.Protocol;
import org.xenolith.fuzz.Attack;
import org.xenolith.fuzz.InputBytes;
import org.xenolith.testkit.efi.FakeFirmware;

/**
 * Files whose signatures are judged while Secure Boot is on, by any databases. An input is two pieces, db and dbx, each with two bytes before it of how long it is; the file is what
 * follows.
 */
final class EfiSignatureAttack implements Attack {
  private static final int RUNTIME_SERVICES = 88;
  private static final int GET_VARIABLE = 72;
  private static final int SYSTEM_TABLE = 4096;
  private static final int MOST_FILE = 1 << 20;

  @Override
  public String word() {
    return "efisignature";
  }

  @Override
  public String says() {
    return "PE files with and without signatures, and the databases by which our own firmware judges whether they may be started";
  }

  @Override
  public List<String> instrumented() {
    return List.of("org.xenolith.efi.signatures.**", "org.xenolith.efi.secure.kit.**");
  }

  @Override
  public void fresh() {
    // each input has firmware of its own
  }

  @Override
  public List<String> execute(byte[] bytes) {
    InputBytes input = new InputBytes(bytes);
    byte[] db = input.take((int) input.next(2));
    byte[] dbx = input.take((int) input.next(2));
    byte[] file = input.take(MOST_FILE);
    EfiLayers layers = new EfiLayers("efi.signatures");
    FakeFirmware firmware = layers.firmware();
    EfiRam memory = firmware.memory();
    firmware.room(SYSTEM_TABLE); // where it lies
    long services = firmware.room(256);
    memory.put64(firmware.systemTable() + RUNTIME_SERVICES, services);
    memory.put64(services + GET_VARIABLE, firmware.guest(call -> {
      byte[] value = switch (memory.text(call.argument(0), 32)) {
        case "SecureBoot" -> new byte[] {1};
        case "db" -> db;
        default -> dbx;
      };
      long room = memory.get64(call.argument(3));
      memory.put64(call.argument(3), value.length);
      if (value.length == 0 || value.length > room) {
        return EfiStep.done(value.length == 0 ? EfiStatus.NOT_FOUND : EfiStatus.BUFFER_TOO_SMALL);
      }
      memory.write(call.argument(4), value);
      return EfiStep.done();
    }));
    layers.begin();
    long security = firmware.handles().find(firmware.handles().handles(Protocol.SECURITY2).getFirst(), Protocol.SECURITY2);
    long place = firmware.room(file.length + 8);
    memory.write(place, file);
    long status = firmware.call(memory.get64(security), security, 0, place, file.length, 0);
    layers.expect(status == 0 || status == EfiStatus.ACCESS_DENIED.code(), "a file is judged with 0x" + Long.toHexString(status));
    layers.expect(status != 0 || db.length != 0, "a file is allowed that nobody has named");
    layers.end();
    return layers.wrong();
  }
}
