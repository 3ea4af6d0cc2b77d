// SPDX-License-Identifier: EPL-2.0
package org.xenolith.fdt.source;

import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;
import org.xenolith.fdt.Fdt;
import org.xenolith.fdt.FdtNode;
import org.xenolith.fdt.FdtProperty;
import org.xenolith.fdt.FdtReservation;

/**
 * Writes a tree as devicetree source. A blob doesn't say what a value is: what looks like strings is written as strings, other values of
 * whole cells as cells, the rest as bytes; phandles stay numbers. Read again, the source gives the same tree, but for the CPU that boots,
 * which source can't say ({@code dtc -b} does).
 */
public final class DtsWriter {
  private final StringBuilder text = new StringBuilder("/dts-v1/;\n\n");

  private DtsWriter() {}

  /** The source of a tree. */
  public static String write(Fdt tree) {
    DtsWriter writer = new DtsWriter();
    for (FdtReservation reservation : tree.reservations()) {
      writer.text.append("/memreserve/ 0x").append(Long.toHexString(reservation.address())).append(" 0x").append(Long.toHexString(
          reservation.size())).append(";\n");
    }
    writer.node(tree.root(), "/", "");
    return writer.text.toString();
  }

  private void node(FdtNode node, String name, String indent) {
    text.append(indent).append(name).append(" {\n");
    String inner = indent + '\t';
    node.properties().forEach(property -> property(property, inner));
    boolean apart = !node.properties().isEmpty();
    for (FdtNode child : node.children()) {
      if (apart) {
        text.append('\n');
      }
      node(child, child.name(), inner);
      apart = true;
    }
    text.append(indent).append("};\n");
  }

  private void property(FdtProperty property, String indent) {
    text.append(indent).append(property.name());
    if (property.length() > 0) {
      text.append(" = ").append(value(property));
    }
    text.append(";\n");
  }

  private static String value(FdtProperty property) {
    if (property.looksLikeStrings()) {
      List<String> strings = property.strings();
      return strings.stream().map(string -> '"' + string.replace("\\", "\\\\").replace("\"", "\\\"") + '"').collect(Collectors.joining(
          ", "));
    }
    if (property.length() % Integer.BYTES != 0) {
      return '[' + HexFormat.ofDelimiter(" ").formatHex(property.value()) + ']';
    }
    StringBuilder cells = new StringBuilder("<");
    for (int cell : property.cells()) {
      cells.append(cells.length() > 1 ? " " : "").append("0x").append(Integer.toHexString(cell));
    }
    return cells.append('>').toString();
  }
}
