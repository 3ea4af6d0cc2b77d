// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.acpi.pm;

import java.util.List;
import java.util.Optional;
import org.osgi.service.component.annotations.Component;
import org.xenolith.acpi.codec.AcpiTable;
import org.xenolith.acpi.codec.Definition;
import org.xenolith.acpi.codec.aml.Aml;
import org.xenolith.acpi.codec.aml.AmlTerm;
import org.xenolith.firmware.api.AcpiMachine;
import org.xenolith.firmware.api.AcpiTableBuilder;
import org.xenolith.platform.api.PlatformNode;

/** An SSDT with {@code \_S5} (ACPI 6.5, 7.4.2): what is written to PM1_CNT to switch the machine off. The blocks themselves are in the FADT. */
@Component(service = AcpiTableBuilder.class)
public final class SoftOffBuilder implements AcpiTableBuilder {
  private static final int REVISION = 2;

  @Override
  public String signature() {
    return Definition.SSDT.name();
  }

  @Override
  public Optional<AcpiTable> build(AcpiMachine machine) {
    for (PlatformNode node : machine.platform().nodes()) {
      if (node.enabled() && node.isCompatible(AcpiPmComponent.COMPATIBLE)) {
        AmlTerm type = Aml.number(ControlBlock.SOFT_OFF);
        return Optional.of(Aml.table(Definition.SSDT, REVISION, machine.identity().withTable("SOFTOFF", 1), List.of(Aml.name("\\_S5", Aml
            .pack(
                type, type, Aml.number(0), Aml.number(0))))));
      }
    }
    return Optional.empty();
  }
}
