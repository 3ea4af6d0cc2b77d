// SPDX-License-Identifier: EPL-2.0
package org.xenolith.acpi.codec;

import java.util.ArrayList;
import java.util.List;

/** Looks for what any table must not have: a wrong sum, reserved bits, bytes and entries that nobody declares. */
public final class TableCheck {
  private final AcpiTable table;
  private final List<TableFault> faults = new ArrayList<>();

  private TableCheck(AcpiTable table) {
    this.table = table;
  }

  /** The faults of one table, by itself. */
  public static List<TableFault> faults(AcpiTable table) {
    TableCheck check = new TableCheck(table);
    if (!table.checksumIsRight()) {
      check.add(0, "its bytes don't sum up to 0; set the checksum anew");
    }
    check.structure(table.structure());
    return List.copyOf(check.faults);
  }

  private void structure(Structure structure) {
    for (TableField field : structure.layout().fields()) {
      if (field.spec().kind() == FieldKind.RESERVED && structure.has(field)) {
        for (byte each : structure.bytes(field)) {
          if (each != 0) {
            add(structure.offset() + field.spec().offset(), structure.layout() + "." + field.name()
                + " isn't zero; clear it");
            break;
          }
        }
      }
    }
    for (FoundPart part : structure.parts()) {
      if (part.part() == null && structure.layout() != UnknownEntry.LAYOUT) {
        add(part.offset(), part.length() + " bytes follow the last field of " + structure.layout() + " ("
            + structure.layout().source() + "); take them away, or take a later version of this program");
      }
    }
    if (structure.layout() == UnknownEntry.LAYOUT) {
      add(structure.offset(), "an entry of type " + (structure.bytes()[0] & 0xff)
          + " is unknown here; what it says isn't checked");
    }
    structure.structures().forEach(this::structure);
  }

  private void add(int offset, String message) {
    faults.add(new TableFault(table.signature(), offset, message));
  }
}
