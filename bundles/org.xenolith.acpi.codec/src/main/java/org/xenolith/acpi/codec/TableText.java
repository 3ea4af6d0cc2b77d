// SPDX-License-Identifier: EPL-2.0
package org.xenolith.acpi.codec;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/** A table as text, a line for each field: what is shown to people, and what two tables are compared by. */
public final class TableText {
  private static final int BYTES_IN_LINE = 16;
  private final List<String> lines = new ArrayList<>();

  private TableText() {}

  /** The lines of a table; byte code and other contents without declared fields are lines of bytes. */
  public static List<String> lines(AcpiTable table) {
    TableText text = new TableText();
    text.structure(table.structure(), table.signature());
    return List.copyOf(text.lines);
  }

  private void structure(Structure structure, String indent) {
    for (TableField field : structure.layout().fields()) {
      if (structure.has(field) && (field.spec().kind() != FieldKind.RESERVED || !isZero(structure.bytes(field)))) {
        lines.add(indent + "." + field.name() + " = " + value(structure, field));
      }
    }
    for (FoundPart part : structure.parts()) {
      part(structure, part, indent);
    }
  }

  private void part(Structure in, FoundPart part, String indent) {
    Map<StructureLayout, Integer> seen = new HashMap<>();
    for (Structure each : part.structures()) {
      int number = seen.merge(each.layout(), 1, Integer::sum) - 1;
      structure(each, indent + "." + each.layout().name().replace(' ', '-') + "[" + number + "]");
    }
    if (part.structures().isEmpty()) {
      byte[] all = in.bytes();
      int from = part.offset() - in.offset();
      String name = indent + "." + (part.part() == null ? "undeclared" : part.part().name().replace(' ', '-'));
      for (int at = 0; at < part.length(); at += BYTES_IN_LINE) {
        int to = Math.min(part.length(), at + BYTES_IN_LINE);
        lines.add(name + "+0x%04x = %s".formatted(at, HexFormat.ofDelimiter(" ").formatHex(all, from + at, from + to)));
      }
    }
  }

  private static boolean isZero(byte[] bytes) {
    for (byte each : bytes) {
      if (each != 0) {
        return false;
      }
    }
    return true;
  }

  private static String value(Structure structure, TableField field) {
    return switch (field.spec().kind()) {
      case NUMBER -> "0x" + Long.toHexString(structure.get(field));
      case TEXT -> '"' + structure.text(field) + '"';
      case ADDRESS -> address(structure.address(field));
      case BYTES, RESERVED -> HexFormat.ofDelimiter(" ").formatHex(structure.bytes(field));
    };
  }

  private static String address(GenericAddress address) {
    return "space 0x%x, %d bits at %d, access %d, 0x%x".formatted(address.space(), address.bitWidth(), address.bitOffset(),
        address.accessSize(), address.address());
  }
}
