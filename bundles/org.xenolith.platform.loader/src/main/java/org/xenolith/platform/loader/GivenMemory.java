// SPDX-License-Identifier: EPL-2.0
package org.xenolith.platform.loader;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.xenolith.fdt.Fdt;
import org.xenolith.fdt.FdtNode;
import org.xenolith.fdt.FdtProperty;
import org.xenolith.platform.api.AddressWindow;
import org.xenolith.platform.api.Platform;
import org.xenolith.platform.api.PlatformException;
import org.xenolith.platform.api.PlatformNode;

/**
 * Gives any tree so much memory: where its first bank begins, or, where it has none because firmware adds it, where nothing else is. Of the
 * trees of Linux for arm64 a quarter have none.
 */
final class GivenMemory {
  /** Of the root: two addresses of two cells each, where memory ends at the latest, and where it goes on. */
  static final String HOLE = "xenolith,memory-hole";
  private static final String REG = "reg";
  private static final String NAME = "memory";
  private static final long GIB = 1L << 30;
  /** No machine has RAM further up (48 bits of physical address). */
  private static final long LIMIT = 1L << 48;
  private static final long MOST_OF_A_CELL = 1L << 32;
  /** Most of a piece where sizes have one cell: half of what that holds. */
  private static final long PIECE = 1L << 31;
  /** Cells of an address of PCI, and of its size there. */
  private static final int PCI_ADDRESS = 3;
  private static final int PCI_SIZE = 2;
  private final String board;
  private final Fdt tree;
  private final int addressCells;
  private final int sizeCells;

  private GivenMemory(String board, Fdt tree) {
    this.board = board;
    this.tree = tree;
    addressCells = cell("#address-cells", 2);
    sizeCells = cell("#size-cells", 1);
  }

  /**
   * The tree whose first memory bank has another size, the only one. Where the tree's root says that addresses are something else's ({@link #HOLE}), the
   * memory goes on behind them.
   *
   * @throws PlatformException if the tree's addresses don't reach so far
   */
  static Fdt sized(String board, Fdt tree, long bytes) {
    return new GivenMemory(board, tree).sized(bytes);
  }

  private Fdt sized(long bytes) {
    if (addressCells < 1 || addressCells > 2 || sizeCells < 1 || sizeCells > 2) {
      throw new PlatformException("board " + board + ": memory can't be described in its tree, whose root has #address-cells = "
          + addressCells + " and #size-cells = " + sizeCells + "; correct them to 1 or 2");
    }
    List<FdtNode> banks = tree.root().children().stream().filter(GivenMemory::isMemory).toList();
    long base = banks.stream().map(this::base).flatMap(Optional::stream).findFirst().orElseGet(() -> free(bytes));
    FdtProperty reg = FdtProperty.ofCells(REG, cells(pieces(base, bytes)));
    List<FdtNode> children = new ArrayList<>(tree.root().children());
    if (banks.isEmpty() || !banks.getFirst().has(REG)) {
      children.removeAll(banks);
      children.removeIf(node -> node.name().equals(name(base)));
      children.add(new FdtNode(name(base), List.of(FdtProperty.ofStrings("device_type", NAME), reg), List.of()));
    } else {
      children.removeAll(banks.subList(1, banks.size()));
      children.set(children.indexOf(banks.getFirst()), banks.getFirst().withProperty(reg));
    }
    return tree.withRoot(new FdtNode("", tree.root().properties(), children));
  }

  private static String name(long base) {
    return NAME + "@" + Long.toHexString(base);
  }

  /** Where a bank begins; empty if it doesn't say it. */
  private Optional<Long> base(FdtNode bank) {
    Optional<FdtProperty> reg = bank.property(REG).filter(p -> p.length() >= 4 * (addressCells + sizeCells));
    if (reg.isPresent()) {
      return Optional.of(reg.get().number(0, addressCells));
    }
    return bank.unitAddress().filter(text -> text.matches("[0-9a-fA-F]{1,12}")).map(text -> Long.parseLong(text, 16));
  }

  /** Where so much memory finds room: whole GiB from the one on in which the board reserves memory, and where it reserves none, from the second. */
  private long free(long bytes) {
    Platform platform = PlatformRecords.of(board, tree, Map.of(), new Findings());
    List<AddressWindow> taken = new ArrayList<>();
    for (PlatformNode node : platform.nodes()) {
      if (!node.parent().equals("/reserved-memory")) {
        taken.addAll(node.windows());
      }
      taken.addAll(apertures(node));
    }
    long first = platform.reserved().stream().mapToLong(AddressWindow::base).min().orElse(GIB) / GIB * GIB;
    for (long from : new long[] {first, GIB}) {
      for (long base = from; base < LIMIT; base += GIB) {
        long begin = base;
        if (taken.stream().noneMatch(window -> window.size() > 0 && window.base() < begin + bytes && begin < window.end())) {
          return begin;
        }
      }
    }
    return GIB;
  }

  /** What a PCI host bridge passes on: on its way to the functions, it is no RAM. */
  private static List<AddressWindow> apertures(PlatformNode bridge) {
    Optional<FdtProperty> ranges = bridge.property("ranges");
    boolean pci = bridge.property("device_type").filter(FdtProperty::looksLikeStrings).map(type -> type.string().equals("pci")).orElse(
        false);
    List<AddressWindow> windows = new ArrayList<>();
    for (int address = 1; pci && address <= 2; address++) {
      // The cells of the bus above: with the wrong number of them, the entries don't come out even.
      int cells = PCI_ADDRESS + address + PCI_SIZE;
      for (int at = 0; ranges.isPresent() && ranges.get().cellCount() % cells == 0 && at < ranges.get().cellCount(); at += cells) {
        windows.add(new AddressWindow(ranges.get().number(at + PCI_ADDRESS, address), ranges.get().number(at + PCI_ADDRESS + address,
            PCI_SIZE)));
      }
    }
    return windows;
  }

  /** Base and size of each piece of so much memory. */
  private List<Long> pieces(long base, long bytes) {
    Optional<FdtProperty> hole = tree.root().property(HOLE).filter(p -> p.length() == 16);
    if (hole.isPresent()) {
      long from = hole.get().number(0, 2);
      long below = from - base;
      if (below > 0 && bytes > below) {
        return List.of(base, below, hole.get().number(2, 2), bytes - below);
      }
    }
    return List.of(base, bytes);
  }

  private int[] cells(List<Long> pieces) {
    List<Integer> cells = new ArrayList<>();
    for (int i = 0; i < pieces.size(); i += 2) {
      long base = pieces.get(i);
      long left = pieces.get(i + 1);
      long most = sizeCells == 1 && left >= MOST_OF_A_CELL ? PIECE : left;
      for (; left > 0; base += most, left -= most) {
        long size = Math.min(most, left);
        if (addressCells == 1 && base + size > MOST_OF_A_CELL) {
          throw new PlatformException("board " + board + ": no room for so much memory from 0x" + Long.toHexString(pieces.getFirst())
              + " on: addresses in its tree have 32 bits; ask for less, or give its root #address-cells = <2>");
        }
        add(cells, base, addressCells);
        add(cells, size, sizeCells);
      }
    }
    return cells.stream().mapToInt(Integer::intValue).toArray();
  }

  private static void add(List<Integer> cells, long number, int width) {
    if (width == 2) {
      cells.add((int) (number >>> 32));
    }
    cells.add((int) number);
  }

  private int cell(String property, int otherwise) {
    return tree.root().property(property).filter(p -> p.length() == 4).map(p -> p.cell(0)).orElse(otherwise);
  }

  private static boolean isMemory(FdtNode node) {
    byte[] wanted = (NAME + "\0").getBytes(StandardCharsets.US_ASCII);
    return node.property("device_type").map(p -> Arrays.equals(p.value(), wanted)).orElse(false);
  }
}
