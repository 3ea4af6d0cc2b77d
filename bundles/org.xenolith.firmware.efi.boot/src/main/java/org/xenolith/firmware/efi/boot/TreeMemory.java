// SPDX-License-Identifier: EPL-2.0
package org.xenolith.firmware.efi.boot;

import java.util.ArrayList;
import java.util.List;
import org.xenolith.fdt.Fdt;
import org.xenolith.fdt.FdtNode;
import org.xenolith.fdt.FdtProperty;

/** What a device tree says of RAM and of what is in it (Devicetree Specification 0.4, 3.4 and 3.5; Xen, docs/misc/arm/device-tree/booting.txt). */
final class TreeMemory {
  private static final int DEFAULT_CELLS = 2;
  private static final long PAGE = 4096;
  private static final FdtProperty SPIN_TABLE = FdtProperty.ofStrings("enable-method", "spin-table");

  private TreeMemory() {}

  /** A piece of memory. */
  record Piece(long base, long size) {}

  private static int cells(FdtNode node, String name) {
    return node.property(name).filter(property -> property.length() == Integer.BYTES).map(property -> property.cell(0)).orElse(
        DEFAULT_CELLS);
  }

  /** What {@code reg} of a child says; nothing if it makes no sense. */
  static List<Piece> reg(FdtNode parent, FdtNode child) {
    int addressCells = cells(parent, "#address-cells");
    int sizeCells = cells(parent, "#size-cells");
    int entry = addressCells + sizeCells;
    FdtProperty reg = child.property("reg").orElse(null);
    List<Piece> pieces = new ArrayList<>();
    if (reg != null && reg.length() % Integer.BYTES == 0 && addressCells > 0 && addressCells <= 2 && sizeCells > 0 && sizeCells <= 2) {
      for (int at = 0; at + entry <= reg.cellCount(); at += entry) {
        pieces.add(new Piece(reg.number(at, addressCells), reg.number(at + addressCells, sizeCells)));
      }
    }
    return pieces;
  }

  /** RAM, as {@code /memory} nodes say. */
  static List<Piece> ram(Fdt tree) {
    List<Piece> ram = new ArrayList<>();
    for (FdtNode node : tree.root().children()) {
      if (node.baseName().equals("memory") && node.property("device_type").filter(FdtProperty.ofStrings(
          "device_type", "memory")::equals).isPresent()) {
        ram.addAll(reg(tree.root(), node));
      }
    }
    ram.removeIf(piece -> piece.size <= 0);
    return ram;
  }

  /**
   * RAM that nobody is to use: {@code /memreserve/} and {@code /reserved-memory}, and where CPUs of a spin table look for an address to go to
   * (3.8.2), which trees may not say.
   */
  static List<Piece> reserved(Fdt tree) {
    List<Piece> reserved = new ArrayList<>();
    tree.reservations().forEach(each -> reserved.add(new Piece(each.address(), each.size())));
    tree.node("/reserved-memory").ifPresent(parent -> parent.children().forEach(child -> reserved.addAll(reg(parent, child))));
    tree.node("/cpus").ifPresent(cpus -> cpus.children().stream().filter(cpu -> cpu.property("enable-method").filter(SPIN_TABLE::equals)
        .isPresent()).flatMap(cpu -> cpu.property("cpu-release-addr").stream()).filter(release -> release.length() == Long.BYTES).mapToLong(
            release -> release.number() & -PAGE).distinct().forEach(page -> reserved.add(new Piece(page, PAGE))));
    return reserved;
  }

  /** What a boot loader has put into RAM for whom it starts: modules, and the first root file system. */
  static List<Piece> loaded(Fdt tree) {
    List<Piece> loaded = new ArrayList<>();
    tree.node("/chosen").ifPresent(chosen -> {
      chosen.children().stream().filter(node -> node.baseName().equals("module")).forEach(node -> loaded.addAll(reg(chosen, node)));
      chosen.property("linux,initrd-start").ifPresent(start -> chosen.property("linux,initrd-end").ifPresent(end -> loaded.add(new Piece(
          start.number(), end.number() - start.number()))));
    });
    return loaded;
  }
}
