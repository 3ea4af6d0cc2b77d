// SPDX-License-Identifier: EPL-2.0
package org.xenolith.testkit.efi;

import java.util.List;
import org.xenolith.efi.api.EfiGuid;
import org.xenolith.efi.boot.api.EfiLayer;
import org.xenolith.fdt.Fdt;
import org.xenolith.fdt.FdtNode;

/**
 * Protocols that are there without any device.
 *
 * @param firmware that they are in
 */
public record OfferedProtocols(FakeFirmware firmware) {
  /** What a layer offers by itself, in firmware that knows nothing of its machine. */
  public static OfferedProtocols of(EfiLayer layer) {
    FakeFirmware firmware = new FakeFirmware(Fdt.of(new FdtNode("", List.of(), List.of())));
    layer.begin(firmware);
    return new OfferedProtocols(firmware);
  }

  /** Address of the first interface of a protocol. */
  public long protocol(EfiGuid protocol) {
    return firmware.handles().find(firmware.handles().handles(protocol).getFirst(), protocol);
  }
}
