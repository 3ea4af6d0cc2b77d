// SPDX-License-Identifier: EPL-2.0
package org.xenolith.firmware.kit;

import java.util.List;
import java.util.Map;
import org.xenolith.firmware.api.AcpiBridgeKind;
import org.xenolith.firmware.api.AcpiDeviceKind;
import org.xenolith.firmware.api.AcpiTableBuilder;

/**
 * Who makes tables.
 *
 * @param builders of tables, those of higher ranking first
 * @param devices  kinds of devices by the value of {@code compatible} that they serve
 * @param bridges  kinds of PCI host bridges, too
 */
public record AcpiParts(List<AcpiTableBuilder> builders, Map<String, AcpiDeviceKind> devices, Map<String, AcpiBridgeKind> bridges) {
  /** Copies the collections. */
  public AcpiParts {
    builders = List.copyOf(builders);
    devices = Map.copyOf(devices);
    bridges = Map.copyOf(bridges);
  }
}
