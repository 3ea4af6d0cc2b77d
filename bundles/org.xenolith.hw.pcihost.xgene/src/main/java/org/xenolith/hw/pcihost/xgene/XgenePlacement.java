// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.pcihost.xgene;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.xenolith.fdt.Fdt;
import org.xenolith.fdt.FdtBuilder;
import org.xenolith.fdt.FdtIndex;
import org.xenolith.fdt.FdtNode;
import org.xenolith.fdt.FdtProperty;
import org.xenolith.platform.api.AddressWindow;
import org.xenolith.platform.api.HostBridgeSite;
import org.xenolith.platform.api.PlatformException;

/**
 * Puts a port of APM X-Gene v1 into a board's tree (devicetree bindings pci/xgene-pci, pci/xgene-pci-msi, clock/xgene). As on Mustang
 * its clock is among its registers. Outbound windows are powers of 2, aligned to their size, and devices reach all that RAM can take by
 * one inbound region. Where no ITS takes messages, its own controller does.
 */
final class XgenePlacement {
  private static final long REGISTERS_SIZE = 0x1_0000;
  private static final long CLOCK = 0xC000;
  private static final long PAGE = 0x1000;
  private static final long MESSAGES = 0x10_0000;
  private static final long MESSAGES_SIZE = 0x90_0000;
  private static final int MESSAGE_GROUPS = 16;

  /** First cell of an entry of {@code ranges} (IEEE 1275 PCI bus binding 2.1). */
  private static final int SPACE = 0x0300_0000;
  private static final int MEMORY64_SPACE = 0x0300_0000;
  private static final int PREFETCHABLE = 0x4000_0000;
  private static final int INBOUND = 0x4200_0000;

  private static final String MSI_MAP = "msi-map";

  private final HostBridgeSite site;
  private final List<String> compatible;
  private final AddressWindow configuration;
  private final boolean configurationFirst;
  private final FdtNode generic;

  /**
   * @param configuration      bytes of the configuration window
   * @param configurationFirst whether that is the node's first window, as a generic bridge's is
   */
  XgenePlacement(HostBridgeSite site, List<String> compatible, long configuration, boolean configurationFirst) {
    this.site = site;
    this.compatible = compatible;
    this.configuration = new AddressWindow(site.configuration().base(), configuration);
    this.configurationFirst = configurationFirst;
    generic = site.generic();
  }

  Fdt tree() {
    long room = site.registers().size();
    if (room < MESSAGES + MESSAGES_SIZE || site.interrupts() < MESSAGE_GROUPS || site.clock() == 0) {
      throw new PlatformException("a board with a clock, " + MESSAGE_GROUPS + " interrupts and 0x" + Long.toHexString(MESSAGES
          + MESSAGES_SIZE) + " bytes for its registers");
    }
    Optional<FdtNode> taker = generic.property(MSI_MAP).flatMap(map -> site.tree().index().byPhandle(map.cell(1)));
    boolean own = taker.isPresent() && !is(taker.get(), "arm,gic-v3-its");
    if (own && generic.has("iommu-map") && !forHypervisor()) {
      throw new PlatformException("GIC version 3, or under a hypervisor (virtualization=on), or iommu=none, as drivers of"
          + " apm,xgene1-msi don't have an SMMU let messages pass");
    }
    Fdt tree = site.tree();
    List<FdtNode> beside = new ArrayList<>(List.of(clock()));
    if (own) {
      FdtIndex index = tree.index();
      String frame = index.pathOf(taker.get());
      tree = tree.edit(frame.substring(0, Math.max(1, frame.lastIndexOf('/'))), node -> node.withoutChild(taker.get().name()));
      beside.add(messages(generic.property(MSI_MAP).orElseThrow().cell(1)));
    }
    List<FdtProperty> properties = properties(own);
    tree = tree.edit(site.path(), node -> new FdtNode(node.name(), properties, node.children()));
    return HostBridgeSite.withNodes(tree, site.path(), beside);
  }

  /** A controller with a maintenance interrupt is there for a hypervisor. */
  private boolean forHypervisor() {
    Optional<FdtNode> controller = site.tree().root().property("interrupt-parent").flatMap(p -> site.tree().index().byPhandle(p.cell(0)));
    return controller.isPresent() && controller.get().has("interrupts");
  }

  private List<FdtProperty> properties(boolean own) {
    List<FdtProperty> properties = new ArrayList<>();
    for (FdtProperty property : generic.properties()) {
      switch (property.name()) {
        case "compatible" -> properties.add(FdtProperty.ofStrings("compatible", compatible.toArray(String[]::new)));
        case "reg" -> {
          long registers = site.registers().base();
          if (configurationFirst) {
            properties.add(FdtProperty.ofU64("reg", configuration.base(), configuration.size(), registers, REGISTERS_SIZE));
            properties.add(FdtProperty.ofStrings("reg-names", "cfg", "csr"));
          } else {
            properties.add(FdtProperty.ofU64("reg", registers, REGISTERS_SIZE, configuration.base(), configuration.size()));
            properties.add(FdtProperty.ofStrings("reg-names", "csr", "cfg"));
          }
          properties.add(FdtProperty.ofCells("clocks", site.firstPhandle(), 0));
        }
        case "ranges" -> {
          properties.add(outbound(property));
          properties.add(FdtProperty.ofCells("dma-ranges", INBOUND, 0, 0, 0, 0, 0x80, 0));
        }
        case MSI_MAP -> properties.add(own ? FdtProperty.ofCells("msi-parent", property.cell(1)) : property);
        default -> properties.add(property);
      }
    }
    return properties;
  }

  /** Rows of space, bus address, CPU address and size, of 1, 2, 2 and 2 cells. */
  private static FdtProperty outbound(FdtProperty ranges) {
    int[] cells = ranges.cells();
    for (int row = 0; row + 7 <= cells.length; row += 7) {
      long base = ranges.number(row + 3, 2);
      long size = ranges.number(row + 5, 2);
      long aligned = base == 0 ? size : Math.min(Long.highestOneBit(size), Long.lowestOneBit(base));
      cells[row + 5] = (int) (aligned >>> 32);
      cells[row + 6] = (int) aligned;
      if ((cells[row] & SPACE) == MEMORY64_SPACE) {
        cells[row] |= PREFETCHABLE;
      }
    }
    return FdtProperty.ofCells("ranges", cells);
  }

  private FdtNode clock() {
    long base = site.registers().base() + CLOCK;
    return FdtBuilder.root().child("pcie-clock@" + Long.toHexString(base)).strings("compatible", "apm,xgene-device-clock")
        .cells("#clock-cells", 1).cells("clocks", site.clock()).u64("reg", base, PAGE).strings("reg-names", "csr-reg")
        .strings("clock-output-names", "pcie0clk").cells("phandle", site.firstPhandle()).build();
  }

  private FdtNode messages(int phandle) {
    int[] interrupts = IntStream.range(0, MESSAGE_GROUPS).mapToObj(site::interrupt).flatMapToInt(Arrays::stream).toArray();
    long base = site.registers().base() + MESSAGES;
    return FdtBuilder.root().child("msi@" + Long.toHexString(base)).strings("compatible", "apm,xgene1-msi").flag("msi-controller")
        .u64("reg", base, MESSAGES_SIZE).cells("interrupts", interrupts).cells("phandle", phandle).build();
  }

  private static boolean is(FdtNode node, String name) {
    return node.property("compatible").filter(FdtProperty::looksLikeStrings).filter(p -> p.strings().contains(name)).isPresent();
  }
}
