// SPDX-License-Identifier: EPL-2.0
package org.xenolith.conformance.acpi;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.xenolith.acpi.codec.AcpiTable;
import org.xenolith.acpi.codec.LinkedTables.PlacedTable;
import org.xenolith.acpi.codec.TableHeader;
import org.xenolith.acpi.codec.aml.MachineCheck;
import org.xenolith.firmware.kit.AcpiTables;
import org.xenolith.hyp.build.pvh.kit.PlacedTables;
import org.xenolith.hyp.build.pvh.kit.PvhContainer;
import org.xenolith.hyp.build.pvh.kit.PvhMap;
import org.xenolith.hyp.build.pvh.kit.PvhTables;
import org.xenolith.pvh.codec.PvhKernel;

class IaslTest {
  private final Iasl iasl = new Iasl();

  @Test
  void everyTableIsTakenApartAndCompiledToTheSameBytes() throws IOException, InterruptedException {
    for (BoardMachine machine : Stream.concat(BoardMachine.VIRT.stream(), BoardMachine.PC.stream()).toList()) {
      AcpiTables tables = machine.tables();
      assertEquals(List.of(), MachineCheck.faults(tables.set()), machine.toString());
      for (AcpiTable table : tables.set().tables()) {
        judge(machine.toString(), table);
      }
    }
  }

  @Test
  void tablesOfPvhGuestsAreTakenApartAndCompiledToTheSameBytesInEachContainer() throws IOException, InterruptedException {
    for (PvhContainer container : List.of(PvhContainer.MINIMAL, PvhContainer.LAPIC)) {
      for (int vcpus : new int[] {1, 16}) {
        PvhMap map = PvhMap.of(64 << 20, vcpus, new PvhKernel(List.of(), 0, Optional.empty()));
        PvhTables made = PvhTables.of(container, vcpus, map);
        List<PlacedTable> placed = PlacedTables.of((address, length) -> {
          boolean root = address == map.rootPointer();
          int from = root ? 0 : (int) (address - PvhMap.TABLES);
          return Arrays.copyOfRange(root ? made.rootPointer() : made.tables(), from, from + length);
        }, map.rootPointer());
        assertEquals(container == PvhContainer.LAPIC ? 6 : 5, placed.size());
        for (PlacedTable each : placed.subList(1, placed.size())) {
          judge(container.name() + ", " + vcpus + ", ", each.table());
        }
      }
    }
  }

  private void judge(String machine, AcpiTable table) throws IOException, InterruptedException {
    Iasl.Verdict verdict = iasl.judge(table);
    String of = machine + ", " + table.signature() + ":\n" + verdict.said() + verdict.source();
    assertTrue(verdict.said().lines().noneMatch(line -> line.matches("(?i).*\\b(error|warning)\\b.*")
        && !line.matches(".*\\b0 Errors, 0 Warnings\\b.*")), of);
    assertArrayEquals(withoutCompiler(table.bytes()), withoutCompiler(verdict.recompiled()), of);
  }

  /** iasl puts its own name into what it compiles. */
  private static byte[] withoutCompiler(byte[] table) {
    for (TableHeader field : List.of(TableHeader.CHECKSUM, TableHeader.CREATOR_ID, TableHeader.CREATOR_REVISION)) {
      for (int at = field.spec().offset(); at < field.spec().end() && at < table.length; at++) {
        table[at] = 0;
      }
    }
    return table;
  }

  @Test
  void aTableWithAFaultIsNotTaken() throws IOException, InterruptedException {
    AcpiTable dsdt = BoardMachine.VIRT.getFirst().tables().set().find("DSDT").orElseThrow();
    byte[] bytes = dsdt.bytes();
    // the second byte of the package length of the first scope
    bytes[TableHeader.SIZE + 2] ^= 0x10;
    assertTrue(iasl.judge(AcpiTable.read(bytes)).said().toLowerCase(Locale.ROOT).matches("(?s).*(error|warning|checksum).*"));
  }
}
