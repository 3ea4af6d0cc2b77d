// SPDX-License-Identifier: EPL-2.0
package org.xenolith.firmware.acpi.console;

import java.util.Map;
import java.util.Optional;
import org.osgi.service.component.annotations.Component;
import org.xenolith.acpi.codec.AcpiTable;
import org.xenolith.acpi.codec.Spcr;
import org.xenolith.acpi.codec.StructureBuilder;
import org.xenolith.firmware.api.AcpiInterrupt;
import org.xenolith.firmware.api.AcpiMachine;
import org.xenolith.firmware.api.AcpiTableBuilder;
import org.xenolith.firmware.kit.ApicNodes;

/** SPCR of revision 2: the console. */
@Component(service = AcpiTableBuilder.class)
public final class SpcrBuilder implements AcpiTableBuilder {
  private static final int REVISION = 2;
  private static final int ONE_STOP_BIT = 1;
  private static final int NO_PCI_DEVICE = 0xffff;
  /** CONFIGURED_BAUD_RATE; 0: as it is, which every other rate is said to be. */
  private static final Map<String, Integer> BAUD_RATES = Map.of("9600", 3, "19200", 4, "57600", 6, "115200", 7);

  @Override
  public String signature() {
    return Spcr.LAYOUT.name();
  }

  @Override
  public Optional<AcpiTable> build(AcpiMachine machine) {
    return BootConsole.of(machine).map(console -> {
      String rate = console.options().replaceAll("\\D.*", "");
      StructureBuilder spcr = AcpiTable.header(StructureBuilder.upTo(Spcr.LAYOUT, Spcr.Field.UART_CLOCK_FREQUENCY), REVISION,
          machine.identity()).set(Spcr.Field.INTERFACE_TYPE, console.port().type()).set(Spcr.Field.BASE_ADDRESS, console.port().registers())
          .set(Spcr.Field.CONFIGURED_BAUD_RATE, BAUD_RATES.getOrDefault(rate, 0)).set(Spcr.Field.STOP_BITS, ONE_STOP_BIT)
          .set(Spcr.Field.PCI_DEVICE_ID, NO_PCI_DEVICE).set(Spcr.Field.PCI_VENDOR_ID, NO_PCI_DEVICE);
      machine.interrupts(console.device().node()).stream().findFirst().map(AcpiInterrupt::gsiv).ifPresent(gsiv -> spcr
          .set(Spcr.Field.INTERRUPT_TYPE, ApicNodes.local(machine.platform()).isPresent() ? Spcr.INTERRUPT_IO_APIC : Spcr.INTERRUPT_GIC)
          .set(Spcr.Field.GLOBAL_SYSTEM_INTERRUPT, gsiv));
      return AcpiTable.of(spcr);
    });
  }
}
