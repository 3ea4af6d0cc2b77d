// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.collation;

import java.util.List;
import org.xenolith.efi.boot.api.Protocol;
import org.xenolith.fdt.Fdt;
import org.xenolith.fdt.FdtNode;
import org.xenolith.testkit.efi.FakeFirmware;
import org.xenolith.testkit.efi.UnicodeCollationContract;

/** The layer's protocol keeps the contract. */
class EnglishCollationTest extends UnicodeCollationContract {
  @Override
  protected Collation collation() {
    FakeFirmware firmware = new FakeFirmware(Fdt.of(new FdtNode("", List.of(), List.of())));
    new CollationLayer().begin(firmware);
    long handle = firmware.handles().handles(Protocol.UNICODE_COLLATION2).getFirst();
    long protocol = firmware.handles().find(handle, Protocol.UNICODE_COLLATION2);
    return new Collation() {
      @Override
      public FakeFirmware firmware() {
        return firmware;
      }

      @Override
      public long protocol() {
        return protocol;
      }
    };
  }
}
