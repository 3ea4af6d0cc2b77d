// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.build.arm.dt;

import java.util.HexFormat;
import org.xenolith.fdt.Fdt;
import org.xenolith.fdt.FdtNode;
import org.xenolith.fdt.FdtProperty;

/** A tree as text, one property a line, so that a failed comparison shows where. */
final class DtsText {
  private DtsText() {}

  static String of(Fdt tree) {
    StringBuilder text = new StringBuilder();
    node(text, "", tree.root());
    return text.toString();
  }

  private static void node(StringBuilder text, String indent, FdtNode node) {
    text.append(indent).append(node.name()).append(" {\n");
    for (FdtProperty property : node.properties()) {
      text.append(indent).append("  ").append(property.name()).append(" = ").append(property.looksLikeStrings()
          ? property.strings().toString() : HexFormat.of().formatHex(property.value())).append('\n');
    }
    node.children().forEach(child -> node(text, indent + "  ", child));
    text.append(indent).append("}\n");
  }
}
