// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.build.arm.acpi;

import java.util.List;
import java.util.stream.Stream;
import org.xenolith.acpi.codec.AcpiTable;
import org.xenolith.acpi.codec.Definition;
import org.xenolith.acpi.codec.Resource;
import org.xenolith.acpi.codec.ResourceTemplate;
import org.xenolith.acpi.codec.StructureBuilder;
import org.xenolith.acpi.codec.TableIdentity;
import org.xenolith.acpi.codec.aml.Aml;
import org.xenolith.acpi.codec.aml.AmlTerm;
import org.xenolith.testkit.hyp.FakeMachine;

/** A namespace with a window of each kind, small ones. */
final class SmallNamespace {
  private SmallNamespace() {}

  static AcpiTable table() {
    return Aml.table(Definition.DSDT, 2, new TableIdentity("ACME", "BOARD", 1, "ACME", 1), List.of(Aml.scope("\\_SB", List.of(
        device("COM0", Resource.memory(0x900_0000L, 0x1000)),
        device("VR00", Resource.memory(0xa00_0000L, 0x200), Resource.memory(0xa00_1000L, 0x200), Resource.interrupt(48, 0)),
        device("PCI0", Resource.buses(0, 256), Resource.window(Resource.MEMORY, Resource.READ_WRITE, 0x80_0000_0000L, 0x1000, 0),
            Resource.window(Resource.IO, Resource.TRANSLATED_IO, 0, 0x1000, 0x3eff_0000L)),
        device("RAM0", Resource.memory(FakeMachine.RAM, FakeMachine.SIZE)),
        Aml.device("DYN0", List.of(Aml.method("_CRS", 0, List.of())))))));
  }

  private static AmlTerm device(String name, StructureBuilder... resources) {
    return Aml.device(name, List.of(Aml.name("_CRS", Aml.buffer(ResourceTemplate.write(Stream.of(resources))))));
  }
}
