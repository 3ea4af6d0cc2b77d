// SPDX-License-Identifier: EPL-2.0
package org.xenolith.firmware.acpi.processors;

import java.util.Optional;
import org.osgi.service.component.annotations.Component;
import org.xenolith.acpi.codec.AcpiTable;
import org.xenolith.acpi.codec.Fadt;
import org.xenolith.firmware.api.AcpiMachine;
import org.xenolith.firmware.api.AcpiTableBuilder;
import org.xenolith.firmware.api.PsciConduit;
import org.xenolith.firmware.kit.ApicNodes;
import org.xenolith.firmware.kit.GicNodes;

/** FADT of ACPI 6.3: hardware-reduced, with PSCI or without. Where the DSDT is, is for who puts it into memory. */
@Component(service = AcpiTableBuilder.class)
public final class FadtBuilder implements AcpiTableBuilder {
  private static final int REVISION = 6;
  private static final int MINOR = 3;

  @Override
  public String signature() {
    return Fadt.LAYOUT.name();
  }

  @Override
  public Optional<AcpiTable> build(AcpiMachine machine) {
    if (ApicNodes.local(machine.platform()).isPresent()) {
      // That of a PC is another.
      return Optional.empty();
    }
    long boot = switch (machine.psciConduit()) {
      case NONE -> 0;
      case HVC -> Fadt.PSCI_COMPLIANT | Fadt.PSCI_USE_HVC;
      case SMC -> Fadt.PSCI_COMPLIANT;
    };
    if (machine.psciConduit() != PsciConduit.NONE) {
      machine.platform().nodes().stream().filter(node -> node.compatible().stream().anyMatch(each -> each.startsWith("arm,psci")))
          .forEach(machine::told);
    }
    return Optional.of(AcpiTable.of(AcpiTable.header(Fadt.LAYOUT, REVISION, machine.identity())
        .set(Fadt.Field.FADT_MINOR_VERSION, MINOR).set(Fadt.Field.FLAGS, Fadt.HW_REDUCED_ACPI).set(Fadt.Field.ARM_BOOT_ARCH, boot)
        .set(Fadt.Field.IAPC_BOOT_ARCH, takesMessages(machine) ? 0 : Fadt.MSI_NOT_SUPPORTED)));
  }

  /**
   * Whether messages of PCI functions have somebody to take them whom ACPI can name. Without, a driver that asks Linux for messages gets a
   * WARNING before its interrupt pin.
   */
  private static boolean takesMessages(AcpiMachine machine) {
    return machine.bridges().isEmpty() || !GicNodes.messageFrames(machine.platform()).isEmpty()
        || !GicNodes.translators(machine.platform()).isEmpty();
  }
}
