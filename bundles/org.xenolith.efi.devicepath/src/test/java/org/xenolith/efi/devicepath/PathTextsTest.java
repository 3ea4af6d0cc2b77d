// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.devicepath;

import java.util.List;
import org.xenolith.efi.boot.api.Protocol;
import org.xenolith.fdt.Fdt;
import org.xenolith.fdt.FdtNode;
import org.xenolith.testkit.efi.DevicePathTextContract;
import org.xenolith.testkit.efi.FakeFirmware;

/** The layer's texts keep the contract. */
class PathTextsTest extends DevicePathTextContract {
  @Override
  protected Texts texts() {
    FakeFirmware firmware = new FakeFirmware(Fdt.of(new FdtNode("", List.of(), List.of())));
    new PathLayer().begin(firmware);
    long handle = firmware.handles().handles(Protocol.DEVICE_PATH_TO_TEXT).getFirst();
    long toText = firmware.handles().find(handle, Protocol.DEVICE_PATH_TO_TEXT);
    long fromText = firmware.handles().find(handle, Protocol.DEVICE_PATH_FROM_TEXT);
    return new Texts() {
      @Override
      public FakeFirmware firmware() {
        return firmware;
      }

      @Override
      public long toText() {
        return toText;
      }

      @Override
      public long fromText() {
        return fromText;
      }
    };
  }
}
