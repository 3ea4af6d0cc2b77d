// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.pcihost.xgene;

import java.util.ArrayList;
import java.util.List;
import org.xenolith.fdt.FdtProperty;
import org.xenolith.machine.api.ClockGatePort;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.ModelException;
import org.xenolith.pci.api.PciBusPort;
import org.xenolith.platform.api.AddressWindow;
import org.xenolith.platform.api.PlatformNode;

/** What a port's node says (devicetree binding pci/xgene-pci), read where it is needed: the model has the node itself. */
final class XgeneNode {
  private static final int MOST_LANES = 8;
  private static final int LAST_GENERATION = 3;

  private XgeneNode() {}

  /** The entry of {@code reg} by its name. */
  static int window(DeviceContext context, String name) {
    List<String> names = context.node().property("reg-names").filter(FdtProperty::looksLikeStrings).map(FdtProperty::strings).orElse(List
        .of());
    if (!names.contains(name)) {
      throw new ModelException(context.instance() + ": reg-names: expected csr and cfg, got " + names);
    }
    return names.indexOf(name);
  }

  /** Lanes of the link: 1, 2, 4 or 8. */
  static int lanes(DeviceContext context) {
    long lanes = context.options().number(XgeneHostComponent.LANES);
    if (lanes < 1 || lanes > MOST_LANES || Long.bitCount(lanes) != 1) {
      throw new ModelException(context.instance() + ": option " + XgeneHostComponent.LANES + ": expected 1, 2, 4 or 8, got " + lanes);
    }
    return (int) lanes;
  }

  /** Rate of the link: generation 1 to 3. */
  static int generation(DeviceContext context) {
    long generation = context.options().number(XgeneHostComponent.GENERATION);
    if (generation < 1 || generation > LAST_GENERATION) {
      throw new ModelException(context.instance() + ": option " + XgeneHostComponent.GENERATION + ": expected 1 to 3, got " + generation);
    }
    return (int) generation;
  }

  /** The port's clock, by {@code clocks}. */
  static ClockGatePort clock(DeviceContext context) {
    int phandle = (int) context.node().cell("clocks", 0);
    PlatformNode clock = context.platform().byPhandle(phandle)
        .orElseThrow(() -> new ModelException(context.instance() + ": clocks: no clock has phandle 0x" + Integer.toHexString(phandle)
            + "; name the port's clock, or let it do without: option " + XgeneHostComponent.CLOCK_GATE + "=false"));
    return context.port(clock.path(), ClockGatePort.class);
  }

  /**
   * The bus behind the root port: it is at the root port's own node, if the tree has one (a bridge in place 0), else at the port's, as
   * on the root bus there is room for nothing else.
   */
  static PciBusPort below(DeviceContext context) {
    return context.platform().nodes().stream().filter(n -> n.parent().equals(context.node().path()) && isRootPort(n)).findFirst()
        .map(n -> context.port(n.path(), PciBusPort.class)).orElseGet(() -> context.port(PciBusPort.class));
  }

  /** What is left of a window of the node without those of other enabled nodes: Mustang's clocks are within their ports' registers. */
  static List<AddressWindow> free(DeviceContext context, AddressWindow window) {
    List<AddressWindow> holes = context.platform().nodes().stream()
        .filter(n -> n.enabled() && !n.path().equals(context.node().path()) && !n.parent().equals(context.node().path()))
        .flatMap(n -> n.windows().stream()).filter(w -> Long.compareUnsigned(w.base() - window.base(), window.size()) < 0)
        .sorted((a, b) -> Long.compareUnsigned(a.base(), b.base())).toList();
    List<AddressWindow> free = new ArrayList<>();
    long at = window.base();
    for (AddressWindow hole : holes) {
      if (hole.base() > at) {
        free.add(new AddressWindow(at, hole.base() - at));
      }
      at = Math.max(at, hole.base() + hole.size());
    }
    long end = window.base() + window.size();
    if (end > at) {
      free.add(new AddressWindow(at, end - at));
    }
    return free;
  }

  private static boolean isRootPort(PlatformNode node) {
    return node.cell("reg", -1) == 0 && node.property("device_type").filter(p -> p.strings().contains("pci")).isPresent();
  }
}
