// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.build.arm.dt;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.xenolith.fdt.FdtBuilder;
import org.xenolith.fdt.FdtException;
import org.xenolith.fdt.FdtIndex;
import org.xenolith.fdt.FdtNode;
import org.xenolith.fdt.FdtProperty;
import org.xenolith.fdt.FdtWindow;
import org.xenolith.hyp.arm.kit.V2mFrame;

/**
 * The host's interrupt controller, GICv2 or GICv3, and the node that the hardware domain gets for it: distributor and CPU
 * interface (or redistributors) at the host's places, nothing of the virtualization interfaces, and no ITS.
 *
 * @param node    the host's node
 * @param version 2 or 3
 * @param phandle by which the host's tree refers to it; the domain's tree keeps it
 */
record HostGic(FdtNode node, int version, int phandle) {
  private static final List<String> GICV2 = List.of("arm,gic-400", "arm,cortex-a15-gic", "arm,cortex-a7-gic");
  private static final String V2M = "arm,gic-v2m-frame";
  private static final String ITS = "arm,gic-v3-its";
  private static final String REG = "reg";
  private static final String REGIONS = "#redistributor-regions";
  private static final int CELL_BYTES = 4;
  private static final int INTERRUPT_CELLS = 3;

  /**
   * Finds it.
   *
   * @throws FdtException if there is none, or nothing could refer to it
   */
  static HostGic of(FdtIndex host) {
    for (FdtNode node : host.byPath().values()) {
      int version = versionOf(node);
      if (version != 0) {
        int phandle = FdtIndex.phandleOf(node).orElseThrow(() -> new FdtException(FdtException.NO_OFFSET,
            host.pathOf(node) + " has no phandle", "give it one; interrupts refer to it"));
        return new HostGic(node, version, phandle);
      }
    }
    throw new FdtException(FdtException.NO_OFFSET, "the host's tree has no GICv2 or GICv3",
        "domains need one of " + GICV2 + ", arm,gic-v3");
  }

  private static int versionOf(FdtNode node) {
    if (!node.has("interrupt-controller")) {
      return 0;
    }
    return Compatible.any(node, GICV2::contains) ? 2 : Compatible.any(node, "arm,gic-v3"::equals) ? 3 : 0;
  }

  /** The message frames below a GICv2. */
  List<FdtNode> v2mFrames() {
    return version != 2 ? List.of()
        : node.children().stream().filter(c -> Compatible.any(c, V2M::equals)).toList();
  }

  /** The interrupt translation services below a GICv3. */
  List<FdtNode> itsNodes() {
    return version != 3 ? List.of()
        : node.children().stream().filter(c -> Compatible.any(c, ITS::equals)).toList();
  }

  /**
   * The domain's node.
   *
   * @param entryCells cells of one entry of the node's {@code reg}
   * @param frames     what the domain gets of {@link #v2mFrames()}, by node
   * @param its        what it gets in the place of one of {@link #itsNodes()}
   */
  FdtNode forDomain(int entryCells, List<GivenFrame> frames, Optional<GivenIts> its) {
    FdtBuilder parent = FdtBuilder.root();
    FdtBuilder made = parent.child("interrupt-controller");
    made.cells("phandle", phandle);
    node.property("#address-cells").ifPresent(made::add);
    node.property("#size-cells").ifPresent(made::add);
    made.cells("#interrupt-cells", INTERRUPT_CELLS).flag("interrupt-controller");
    made.add(node.property("compatible").orElseThrow());
    if (version == 2) {
      made.add(firstEntries(2, entryCells));
      if (!frames.isEmpty()) {
        made.add(node.property("ranges").orElse(FdtProperty.ofFlag("ranges")));
      }
    } else {
      int regions = node.property(REGIONS).filter(p -> p.length() == CELL_BYTES).map(p -> p.cell(0)).orElse(1);
      node.property("redistributor-stride").ifPresent(made::add);
      made.cells(REGIONS, regions).add(firstEntries(1 + regions, entryCells));
      its.ifPresent(given -> made.add(node.property("ranges").orElse(FdtProperty.ofFlag("ranges"))));
    }
    frames.forEach(frame -> frame.addTo(made, frames.indexOf(frame) == 0));
    its.ifPresent(given -> given.addTo(made, node));
    return parent.build().children().getFirst();
  }

  private FdtProperty firstEntries(int entries, int entryCells) {
    int wanted = entries * entryCells;
    Optional<int[]> cells = node.property(REG).filter(p -> p.length() % CELL_BYTES == 0).map(FdtProperty::cells)
        .filter(c -> c.length >= wanted);
    return FdtProperty.ofCells(REG, Arrays.copyOf(cells.orElseThrow(() -> new FdtException(FdtException.NO_OFFSET,
        node.name() + ": reg has fewer than the " + entries + " windows of a GICv" + version,
        "correct reg, or the cell counts of its parent")), wanted));
  }

  /** A message frame of the host that the domain gets. */
  record GivenFrame(FdtNode node, V2mFrame frame) {
    private void addTo(FdtBuilder gic, boolean first) {
      // Xen names each of them just v2m; sibling nodes must differ, so the further ones keep their address
      FdtBuilder made = gic.child(first ? "v2m" : "v2m@" + Long.toHexString(frame.base()));
      made.strings("compatible", V2M).flag("msi-controller");
      FdtIndex.phandleOf(node).ifPresent(p -> made.cells("phandle", p));
      made.add(node.property(REG).orElseThrow()).cells("arm,msi-base-spi", frame.firstIntid())
          .cells("arm,msi-num-spis", frame.count());
    }
  }

  /**
   * An ITS of the host in whose place the domain has a virtual one.
   *
   * @param node      the host's node
   * @param registers where the domain finds it
   * @param inPlace   whether that is where the host's is
   */
  record GivenIts(FdtNode node, FdtWindow registers, boolean inPlace) {
    private void addTo(FdtBuilder gic, FdtNode host) {
      FdtBuilder made = gic.child("its@" + Long.toHexString(registers.base()));
      made.strings("compatible", ITS).flag("msi-controller").cells("#msi-cells", 1);
      FdtIndex.phandleOf(node).ifPresent(p -> made.cells("phandle", p));
      made.add(inPlace ? node.property(REG).orElseThrow() : regAtGivenPlace(host));
    }

    private FdtProperty regAtGivenPlace(FdtNode host) {
      boolean plain = host.property("ranges").map(FdtProperty::isFlag).orElse(true)
          && cells(host, "#address-cells") == 2 && cells(host, "#size-cells") == 2;
      if (!plain) {
        throw new FdtException(FdtException.NO_OFFSET, host.name() + " doesn't pass addresses on as they are",
            "give it two cells each for addresses and sizes, and an empty ranges");
      }
      return FdtProperty.ofU64(REG, registers.base(), registers.size());
    }

    private static int cells(FdtNode host, String property) {
      return host.property(property).filter(p -> p.length() == CELL_BYTES).map(p -> p.cell(0)).orElse(0);
    }
  }
}
