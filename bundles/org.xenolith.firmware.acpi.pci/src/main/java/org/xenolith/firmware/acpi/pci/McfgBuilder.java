// SPDX-License-Identifier: EPL-2.0
package org.xenolith.firmware.acpi.pci;

import java.util.Optional;
import org.osgi.service.component.annotations.Component;
import org.xenolith.acpi.codec.AcpiTable;
import org.xenolith.acpi.codec.Mcfg;
import org.xenolith.acpi.codec.StructureBuilder;
import org.xenolith.acpi.codec.TableIdentity;
import org.xenolith.firmware.api.AcpiBridge;
import org.xenolith.firmware.api.AcpiMachine;
import org.xenolith.firmware.api.AcpiTableBuilder;

/** MCFG: where configuration space is. Its maker is who the bridges say, so that operating systems know their way around defects. */
@Component(service = AcpiTableBuilder.class)
public final class McfgBuilder implements AcpiTableBuilder {
  private static final int REVISION = 1;

  @Override
  public String signature() {
    return Mcfg.LAYOUT.name();
  }

  @Override
  public Optional<AcpiTable> build(AcpiMachine machine) {
    if (machine.bridges().isEmpty()) {
      return Optional.empty();
    }
    StructureBuilder mcfg = AcpiTable.header(Mcfg.LAYOUT, REVISION, maker(machine));
    for (AcpiBridge bridge : machine.bridges()) {
      mcfg.add(StructureBuilder.of(Mcfg.ALLOCATION).set(Mcfg.Allocation.BASE_ADDRESS, bridge.configuration().base())
          .set(Mcfg.Allocation.SEGMENT, bridge.segment()).set(Mcfg.Allocation.START_BUS, bridge.configuration().firstBus())
          .set(Mcfg.Allocation.END_BUS, bridge.configuration().lastBus()));
    }
    return Optional.of(AcpiTable.of(mcfg));
  }

  private static TableIdentity maker(AcpiMachine machine) {
    TableIdentity maker = null;
    for (AcpiBridge bridge : machine.bridges()) {
      TableIdentity wanted = bridge.kind().identity(machine.identity()).orElse(null);
      if (wanted != null && maker != null && !wanted.equals(maker)) {
        machine.untold(bridge.node(), "MCFG has one maker, and another bridge asks for " + maker.oemId() + " " + maker.oemTableId()
            + ", this one for " + wanted.oemId() + " " + wanted.oemTableId(), "leave one of the bridges out");
      } else if (wanted != null) {
        maker = wanted;
      }
    }
    return maker == null ? machine.identity() : maker;
  }
}
