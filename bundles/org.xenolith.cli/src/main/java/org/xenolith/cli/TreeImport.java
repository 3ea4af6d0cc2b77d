// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.xenolith.fdt.Fdt;
import org.xenolith.fdt.FdtNode;
import org.xenolith.fdt.FdtProperty;
import org.xenolith.launch.kit.AssumedMemory;
import org.xenolith.platform.api.BoardProvider;
import org.xenolith.platform.api.BoardProvider.BoardRequest;
import org.xenolith.platform.api.PlatformException;
import org.xenolith.platform.api.PlatformReader;

/**
 * RAM of a tree that is imported. Many trees leave it to firmware how much there is, and where: it is said then, or stays open.
 *
 * @param bytes how much; 0 if that isn't said
 * @param at    where it begins; null if that isn't said
 */
record TreeImport(long bytes, Long at) {
  /** Whether anything is said of it. */
  boolean asked() {
    return bytes != 0 || at != null;
  }

  /**
   * The tree of a file with such RAM.
   *
   * @param otherwise bytes, where only the place is said
   * @param notes     gets what was assumed
   * @throws PlatformException if the file says itself where RAM is, and the place was said
   */
  Fdt tree(PlatformReader reader, Path file, long otherwise, List<String> notes) {
    BoardProvider board = reader.board(file);
    Fdt plain = board.tree(board.standard());
    if (at == null) {
      Fdt sized = board.tree(BoardRequest.of(board.standard().cpus(), bytes, List.of()));
      AssumedMemory.of(plain, sized).ifPresent(text -> notes.add(file + ": " + text + "; say it with --memory-at"));
      return sized;
    }
    if (AssumedMemory.said(plain)) {
      throw new PlatformException("--memory-at 0x" + Long.toHexString(at) + ": '" + file + "' says itself where its RAM is");
    }
    return placed(plain, bytes == 0 ? otherwise : bytes);
  }

  private Fdt placed(Fdt tree, long size) {
    List<FdtNode> children = new ArrayList<>(tree.root().children());
    children.removeIf(node -> node.property("device_type").filter(FdtProperty::looksLikeStrings).filter(type -> type.string().equals(
        "memory")).isPresent());
    List<Integer> reg = new ArrayList<>();
    cells(tree, "#address-cells", 2, at, reg);
    cells(tree, "#size-cells", 1, size, reg);
    children.add(new FdtNode("memory@" + Long.toHexString(at), List.of(FdtProperty.ofStrings("device_type", "memory"), FdtProperty.ofCells(
        "reg", reg.stream().mapToInt(Integer::intValue).toArray())), List.of()));
    return tree.withRoot(new FdtNode("", tree.root().properties(), children));
  }

  private static void cells(Fdt tree, String property, int otherwise, long number, List<Integer> to) {
    int cells = tree.root().property(property).filter(p -> p.length() == 4).map(p -> p.cell(0)).orElse(otherwise);
    if (cells < 1 || cells > 2 || cells == 1 && number >>> 32 != 0) {
      throw new PlatformException("0x" + Long.toHexString(number) + " doesn't go into the tree, whose root has " + property + " = <" + cells
          + ">; say less, or give it <2>");
    }
    if (cells == 2) {
      to.add((int) (number >>> 32));
    }
    to.add((int) number);
  }
}
