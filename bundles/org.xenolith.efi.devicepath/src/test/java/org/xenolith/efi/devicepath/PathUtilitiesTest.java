// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.devicepath;

import java.util.List;
import org.xenolith.efi.boot.api.Protocol;
import org.xenolith.fdt.Fdt;
import org.xenolith.fdt.FdtNode;
import org.xenolith.testkit.efi.DevicePathUtilitiesContract;
import org.xenolith.testkit.efi.FakeFirmware;

/** The layer's utilities keep the contract. */
class PathUtilitiesTest extends DevicePathUtilitiesContract {
  @Override
  protected Utilities utilities() {
    FakeFirmware firmware = new FakeFirmware(Fdt.of(new FdtNode("", List.of(), List.of())));
    new PathLayer().begin(firmware);
    long handle = firmware.handles().handles(Protocol.DEVICE_PATH_UTILITIES).getFirst();
    long protocol = firmware.handles().find(handle, Protocol.DEVICE_PATH_UTILITIES);
    return new Utilities() {
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
