// SPDX-License-Identifier: EPL-2.0
package org.xenolith.launch.kit;

import java.util.List;
import java.util.Optional;
import org.xenolith.fdt.Fdt;
import org.xenolith.fdt.FdtNode;
import org.xenolith.fdt.FdtProperty;

/** Where RAM went of a board whose tree leaves it to firmware: who asked for so much of it is told. */
public final class AssumedMemory {
  private AssumedMemory() {}

  /**
   * What was assumed.
   *
   * @param file  the tree as its file has it
   * @param sized the same with as much RAM as was asked for
   * @return one line; empty if the file says where RAM is
   */
  public static Optional<String> of(Fdt file, Fdt sized) {
    List<FdtNode> now = banks(sized);
    if (now.isEmpty() || banks(file).stream().anyMatch(bank -> bank.has("reg") || bank.unitAddress().isPresent())) {
      return Optional.empty();
    }
    return Optional.of("its tree leaves it to firmware where RAM is: RAM was put at 0x" + now.getFirst().unitAddress().orElse("0"));
  }

  /** Whether a tree says of any RAM how much there is. */
  public static boolean said(Fdt tree) {
    int address = cells(tree, "#address-cells", 2);
    int size = cells(tree, "#size-cells", 1);
    return banks(tree).stream().flatMap(bank -> bank.property("reg").stream()).anyMatch(reg -> {
      for (int at = address; at + size <= reg.length() / 4; at += address + size) {
        for (int cell = 0; cell < size; cell++) {
          if (reg.cell(at + cell) != 0) {
            return true;
          }
        }
      }
      return false;
    });
  }

  private static int cells(Fdt tree, String property, int otherwise) {
    return tree.root().property(property).filter(p -> p.length() == 4).map(p -> p.cell(0)).filter(cells -> cells >= 1 && cells <= 2)
        .orElse(otherwise);
  }

  private static List<FdtNode> banks(Fdt tree) {
    return tree.root().children().stream().filter(node -> node.property("device_type").filter(FdtProperty::looksLikeStrings)
        .map(type -> type.string().equals("memory")).orElse(false)).toList();
  }
}
