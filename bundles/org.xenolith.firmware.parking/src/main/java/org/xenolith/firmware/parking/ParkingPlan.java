// SPDX-License-Identifier: EPL-2.0
package org.xenolith.firmware.parking;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.xenolith.fdt.Fdt;
import org.xenolith.fdt.FdtNode;
import org.xenolith.fdt.FdtProperty;
import org.xenolith.firmware.kit.AcpiSetting;
import org.xenolith.firmware.kit.GicNodes;
import org.xenolith.firmware.kit.ParkedCpu;
import org.xenolith.platform.api.AddressWindow;
import org.xenolith.platform.api.Platform;
import org.xenolith.platform.api.PlatformNode;

/** Puts mailboxes into a board's tree for the CPUs that PSCI doesn't start: at the end of a bank of RAM, kept from the kernel. */
final class ParkingPlan {
  /** A kernel with pages of 64 KiB keeps nothing smaller. */
  private static final long ALIGNMENT = 64 << 10;
  private static final String RESERVED = "reserved-memory";
  private static final String PSCI = "psci";

  private ParkingPlan() {}

  /** The physical address of the GIC's CPU interface; empty without a GICv2. */
  static OptionalLong cpuInterface(Platform platform) {
    Optional<PlatformNode> gic = GicNodes.controller(platform).filter(node -> !GicNodes.isVersion3(node) && node.windows().size() > 1);
    return gic.isPresent() ? OptionalLong.of(gic.get().windows().get(1).base()) : OptionalLong.empty();
  }

  /**
   * The tree with them; as it is if there are no such CPUs, or no GICv2 to wake them, or no room.
   *
   * @param platform what the tree is
   */
  static Fdt place(Fdt tree, Platform platform) {
    List<PlatformNode> cpus = platform.cpus().stream().filter(PlatformNode::enabled).toList();
    long size = (long) cpus.size() * AcpiSetting.MAILBOX_BYTES + ALIGNMENT - 1 & -ALIGNMENT;
    Optional<AddressWindow> room = platform.memory().stream().flatMap(bank -> room(bank, size, platform).stream()).findFirst();
    if (cpus.stream().noneMatch(ParkingPlan::waits) || cpuInterface(platform).isEmpty() || room.isEmpty()) {
      return tree;
    }
    Fdt edited = keep(tree, room.get());
    for (int i = 0; i < cpus.size(); i++) {
      long mailbox = room.get().base() + (long) i * AcpiSetting.MAILBOX_BYTES;
      if (waits(cpus.get(i))) {
        edited = edited.edit(cpus.get(i).path(), node -> node.withProperty(FdtProperty.ofStrings("enable-method", ParkedCpu.METHOD))
            .withProperty(FdtProperty.ofU64(ParkedCpu.MAILBOX, mailbox)));
      }
    }
    return edited;
  }

  private static boolean waits(PlatformNode cpu) {
    return cpu.property("enable-method").filter(method -> !method.string().equals(PSCI)).isPresent();
  }

  /** The highest room in a bank that the tree doesn't keep for somebody else. */
  private static Optional<AddressWindow> room(AddressWindow bank, long size, Platform platform) {
    List<AddressWindow> kept = new ArrayList<>(platform.reserved());
    platform.children("/" + RESERVED).forEach(node -> kept.addAll(node.windows()));
    for (long at = (bank.end() & -ALIGNMENT) - size; at >= bank.base(); at -= ALIGNMENT) {
      long base = at;
      if (kept.stream().noneMatch(other -> other.base() < base + size && base < other.end())) {
        return Optional.of(new AddressWindow(base, size));
      }
    }
    return Optional.empty();
  }

  /** Devicetree Specification 0.4, 3.5. */
  private static Fdt keep(Fdt tree, AddressWindow room) {
    FdtNode parent = tree.root().child(RESERVED).orElseGet(() -> new FdtNode(RESERVED, List.of(FdtProperty.ofCells("#address-cells", 2),
        FdtProperty.ofCells("#size-cells", 2), FdtProperty.ofFlag("ranges")), List.of()));
    int addressCells = parent.property("#address-cells").map(cells -> cells.cell(0)).orElse(2);
    int sizeCells = parent.property("#size-cells").map(cells -> cells.cell(0)).orElse(1);
    int[] reg = new int[addressCells + sizeCells];
    put(reg, addressCells, room.base());
    put(reg, reg.length, room.size());
    FdtNode mailboxes = new FdtNode("mailboxes@" + Long.toHexString(room.base()), List.of(FdtProperty.ofCells("reg", reg),
        FdtProperty.ofFlag("no-map")), List.of());
    return tree.withRoot(tree.root().withChild(parent.withChild(mailboxes)));
  }

  private static void put(int[] cells, int end, long value) {
    cells[end - 1] = (int) value;
    if (end > 1 && value >>> Integer.SIZE != 0) {
      cells[end - 2] = (int) (value >>> Integer.SIZE);
    }
  }
}
