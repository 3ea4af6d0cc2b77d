// SPDX-License-Identifier: EPL-2.0
package org.xenolith.firmware.acpi.pci;

import java.util.Optional;
import org.osgi.service.component.annotations.Component;
import org.xenolith.acpi.codec.AcpiTable;
import org.xenolith.acpi.codec.Iort;
import org.xenolith.firmware.api.AcpiMachine;
import org.xenolith.firmware.api.AcpiTableBuilder;

/** IORT: which ids the requests of bus masters have at SMMUs and ITSs. A machine with neither has none. */
@Component(service = AcpiTableBuilder.class)
public final class IortBuilder implements AcpiTableBuilder {
  @Override
  public String signature() {
    return Iort.LAYOUT.name();
  }

  @Override
  public Optional<AcpiTable> build(AcpiMachine machine) {
    return new RequesterGraph(machine).table();
  }
}
