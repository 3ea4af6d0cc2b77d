// SPDX-License-Identifier: EPL-2.0
package org.xenolith.acpi.codec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.xenolith.acpi.codec.aml.MachineCheck;

class MachineCheckTest {
  private static final TableIdentity MAKER = new TableIdentity("ACME", "BOARD", 1, "ACME", 1);

  @Test
  void anEntryThatIsTooShortIsAFaultAndNoException() {
    AcpiTable madt = AcpiTable.of(AcpiTable.header(Madt.LAYOUT, 5, MAKER).add(StructureBuilder.of(Madt.GICD))
        .add(StructureBuilder.upTo(Madt.GICC, Madt.Gicc.PERFORMANCE_INTERRUPT_GSIV)));
    List<TableFault> faults = MachineCheck.faults(new TableSet(List.of(madt)));
    assertEquals(1, faults.size(), faults.toString());
    assertTrue(faults.getFirst().toString().contains("ends before MPIDR"), faults.toString());
  }
}
