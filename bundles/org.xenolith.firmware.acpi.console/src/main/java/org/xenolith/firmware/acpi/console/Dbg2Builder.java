// SPDX-License-Identifier: EPL-2.0
package org.xenolith.firmware.acpi.console;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.osgi.service.component.annotations.Component;
import org.xenolith.acpi.codec.AcpiTable;
import org.xenolith.acpi.codec.Dbg2;
import org.xenolith.acpi.codec.StructureBuilder;
import org.xenolith.firmware.api.AcpiMachine;
import org.xenolith.firmware.api.AcpiTableBuilder;

/** DBG2: the console as a debug port. */
@Component(service = AcpiTableBuilder.class)
public final class Dbg2Builder implements AcpiTableBuilder {
  @Override
  public String signature() {
    return Dbg2.LAYOUT.name();
  }

  @Override
  public Optional<AcpiTable> build(AcpiMachine machine) {
    return BootConsole.of(machine).map(console -> AcpiTable.of(AcpiTable.header(Dbg2.LAYOUT, 0, machine.identity())
        .add(StructureBuilder.of(Dbg2.DEVICE).set(Dbg2.Device.PORT_TYPE, Dbg2.SERIAL).set(Dbg2.Device.PORT_SUBTYPE, console.port().type())
            .add(StructureBuilder.of(Dbg2.BASE_ADDRESS).set(Dbg2.BaseAddress.ADDRESS, console.port().registers()))
            .add(StructureBuilder.of(Dbg2.ADDRESS_SIZE).set(Dbg2.AddressSize.SIZE, console.port().bytes()))
            .add(Dbg2.NAMESPACE, (console.device().path() + "\0").getBytes(StandardCharsets.US_ASCII)))));
  }
}
