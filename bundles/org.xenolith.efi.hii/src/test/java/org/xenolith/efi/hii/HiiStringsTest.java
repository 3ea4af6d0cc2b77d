// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.hii;

import java.util.List;
import org.xenolith.efi.boot.api.Protocol;
import org.xenolith.fdt.Fdt;
import org.xenolith.fdt.FdtNode;
import org.xenolith.testkit.efi.FakeFirmware;
import org.xenolith.testkit.efi.HiiStringContract;

/** The layer's protocols keep the contracts. */
class HiiStringsTest extends HiiStringContract {
  @Override
  protected Hii hii() {
    FakeFirmware firmware = new FakeFirmware(Fdt.of(new FdtNode("", List.of(), List.of())));
    new HiiLayer().begin(firmware);
    long handle = firmware.handles().handles(Protocol.HII_DATABASE).getFirst();
    return new Hii() {
      @Override
      public FakeFirmware firmware() {
        return firmware;
      }

      @Override
      public long database() {
        return firmware.handles().find(handle, Protocol.HII_DATABASE);
      }

      @Override
      public long strings() {
        return firmware.handles().find(handle, Protocol.HII_STRING);
      }
    };
  }
}
