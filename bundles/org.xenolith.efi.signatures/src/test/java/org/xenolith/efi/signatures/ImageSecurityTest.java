// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.signatures;

import java.util.List;
import java.util.Map;
import org.xenolith.efi.api.EfiStatus;
import org.xenolith.efi.boot.api.Call;
import org.xenolith.efi.boot.api.EfiRam;
import org.xenolith.efi.boot.api.EfiStep;
import org.xenolith.efi.boot.api.Protocol;
import org.xenolith.efi.signatures.ImageSigners.ImageSigner;
import org.xenolith.fdt.Fdt;
import org.xenolith.fdt.FdtNode;
import org.xenolith.testkit.efi.EfiProgram;
import org.xenolith.testkit.efi.FakeFirmware;
import org.xenolith.testkit.efi.SecurityContract;

/** The layer's protocols keep the contract, with a certificate in db. */
class ImageSecurityTest extends SecurityContract {
  private static final ImageSigner ROOT = ImageSigners.signer("root", 1, null);
  private static final byte[] PLAIN = EfiProgram.of("mov x0, #0\nret\n");
  private static final byte[] SIGNED = ImageSigners.signed(PLAIN, ROOT);
  private static final Map<String, byte[]> VARIABLES = Map.of("SecureBoot", new byte[] {1}, "db", ImageSigners.list(ROOT), "dbx",
      ImageSigners.list(Hash.SHA256.image, new byte[32]));

  private static EfiStep variable(Call call) {
    EfiRam memory = call.firmware().memory();
    byte[] data = VARIABLES.get(memory.text(call.argument(0), 32));
    boolean small = memory.get64(call.argument(3)) < data.length;
    memory.put64(call.argument(3), data.length);
    if (!small) {
      memory.write(call.argument(4), data);
    }
    return EfiStep.done(small ? EfiStatus.BUFFER_TOO_SMALL : EfiStatus.SUCCESS);
  }

  @Override
  protected Security security() {
    FakeFirmware firmware = new FakeFirmware(Fdt.of(new FdtNode("", List.of(), List.of())));
    firmware.room(4096); // the system table
    long services = firmware.room(256);
    firmware.memory().put64(firmware.systemTable() + 88, services);
    firmware.memory().put64(services + 72, firmware.guest(ImageSecurityTest::variable));
    new SignaturesLayer().begin(firmware);
    long handle = firmware.handles().handles(Protocol.SECURITY2).getFirst();
    return new Security() {
      @Override
      public FakeFirmware firmware() {
        return firmware;
      }

      @Override
      public long security() {
        return firmware.handles().find(handle, Protocol.SECURITY);
      }

      @Override
      public long security2() {
        return firmware.handles().find(handle, Protocol.SECURITY2);
      }

      @Override
      public byte[] allowed() {
        return SIGNED.clone();
      }

      @Override
      public byte[] forbidden() {
        return PLAIN.clone();
      }
    };
  }
}
